package intents

import (
	"flag"
	"os"
	"testing"

	"github.com/deskbell/deskbell/intents/lang"
)

var update = flag.Bool("update", false, "write background.bin.gz anew")

// backgroundSets are the texts of the background table. BANKING77 stays out, so that numbers measured on it hold
// for a library the table has never seen.
var backgroundSets = []string{"clinc150", "hwu64", "massive-en"}

// rarest is the share of texts below which a feature is as good as unseen.
const rarest = 0.0005

// TestMakeBackground makes the table: go test ./intents -run MakeBackground -update
func TestMakeBackground(t *testing.T) {
	if !*update {
		t.Skip("writes a file: run with -update")
	}
	counts := map[uint32]float64{}
	docs := 0.0
	var g grams
	for _, set := range backgroundSets {
		for _, e := range sharedSet(t, set+"/train") {
			docs++
			g.read(lang.Fold(e.Text))
			seen := map[uint32]bool{}
			for _, b := range []int{blockWords, blockLetters} {
				for _, f := range g.of[b] {
					if k := fingerprint(f.hash); !seen[k] {
						seen[k] = true
						counts[k]++
					}
				}
			}
		}
	}
	for k, n := range counts {
		counts[k] = n / docs
		if n/docs < rarest {
			delete(counts, k)
		}
	}
	packed, err := packBackground(counts)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("background.bin.gz", packed, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d features of %.0f texts, %d bytes", len(counts), docs, len(packed))
}

func TestBackgroundKnowsCommonWords(t *testing.T) {
	b := loadBackground()
	share := func(w string) float64 { return b.share(fnvString(fnvStart+blockWords, lang.Stem(w))) }
	if len(packedBackground) > 300_000 {
		t.Errorf("the table has %d bytes, want at most 300,000", len(packedBackground))
	}
	if s := share("the"); s < 0.1 || s > 0.6 {
		t.Errorf("share of texts with \"the\" = %v, want a common word", s)
	}
	if share("please") <= share("weather") || share("kerfuffle") != 0 {
		t.Errorf("please %v, weather %v, kerfuffle %v: want falling to 0", share("please"), share("weather"), share("kerfuffle"))
	}
}

func TestUnpackBackgroundRefusesBrokenTables(t *testing.T) {
	good, err := packBackground(map[uint32]float64{1: 0.5, 77: 0.25, 4_000_000_001: 0.001})
	if err != nil {
		t.Fatal(err)
	}
	b, err := unpackBackground(good)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.share(76); got != 0.25 {
		t.Errorf("share = %v, want 0.25", got)
	}
	for _, bad := range [][]byte{nil, good[:len(good)/2], []byte("no gzip")} {
		if _, err := unpackBackground(bad); err == nil {
			t.Errorf("unpackBackground(%d bytes) succeeded, want an error", len(bad))
		}
	}
}
