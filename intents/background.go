package intents

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
)

// backgroundDocs is how many phrases of one's own the background counts for.
const backgroundDocs = 500

// background knows how common features are in English texts at large, so that a handful of phrases is enough
// to tell words that say something from words that do not.
type background struct {
	keys   []uint32 // fingerprint, 0: free; a power of two long
	levels []uint8  // how rare: share of texts = 2^(-level/levelSteps)
}

const levelSteps = 12

// The table is made by TestMakeBackground; where its texts are from stands in background.NOTICE.
//
//go:embed background.bin.gz
var packedBackground []byte

// loadBackground reads the table when it is first needed, about 1 ms. The data are part of the program, so that
// they cannot be read is a broken build: it panics.
var loadBackground = sync.OnceValue(func() *background {
	b, err := unpackBackground(packedBackground)
	if err != nil {
		panic(fmt.Sprintf("intents: embedded background table: %v", err))
	}
	return b
})

// share returns the share of texts that have the feature, 0 when it is rare.
func (b *background) share(hash uint64) float64 {
	if len(b.keys) == 0 {
		return 0
	}
	key := fingerprint(hash)
	mask := uint32(len(b.keys) - 1)
	for i := key & mask; b.keys[i] != 0; i = (i + 1) & mask {
		if b.keys[i] == key {
			return levelShares[b.levels[i]]
		}
	}
	return 0
}

func fingerprint(hash uint64) uint32 { return uint32(hash>>32) ^ uint32(hash) | 1 }

var levelShares = func() (shares [256]float64) {
	for l := range shares {
		shares[l] = math.Exp2(-float64(l) / levelSteps)
	}
	return shares
}()

func (b *background) insert(key uint32, level uint8) {
	mask := uint32(len(b.keys) - 1)
	i := key & mask
	for b.keys[i] != 0 && b.keys[i] != key {
		i = (i + 1) & mask
	}
	b.keys[i], b.levels[i] = key, level
}

// packBackground writes shares by fingerprint: their number, then each fingerprint as the difference to the one
// before and its level.
func packBackground(shares map[uint32]float64) ([]byte, error) {
	keys := make([]uint32, 0, len(shares))
	for k := range shares {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	raw := binary.AppendUvarint(nil, uint64(len(keys)))
	previous := uint32(0)
	for _, k := range keys {
		raw = binary.AppendUvarint(raw, uint64(k-previous))
		previous = k
	}
	for _, k := range keys {
		raw = append(raw, uint8(min(255, math.Round(-levelSteps*math.Log2(shares[k])))))
	}
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(raw); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func unpackBackground(packed []byte) (*background, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	n, width := binary.Uvarint(raw)
	if width <= 0 || n > uint64(len(raw)) {
		return nil, errors.New("broken header")
	}
	raw = raw[width:]
	size := 16
	for size < 2*int(n) {
		size *= 2
	}
	b := &background{keys: make([]uint32, size), levels: make([]uint8, size)}
	keys := make([]uint32, n)
	previous := uint64(0)
	for i := range keys {
		step, width := binary.Uvarint(raw)
		if width <= 0 {
			return nil, errors.New("cut short")
		}
		previous += step
		keys[i] = uint32(previous)
		raw = raw[width:]
	}
	if len(raw) != len(keys) {
		return nil, errors.New("levels and features differ in number")
	}
	for i, k := range keys {
		b.insert(k, raw[i])
	}
	return b, nil
}
