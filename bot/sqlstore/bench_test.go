package sqlstore

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/bottest"
)

// BenchmarkAccept is the durable acceptance of single events, by 64 callers at once.
func BenchmarkAccept(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "deskbell.db"))
	ctx := context.Background()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range 64 {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(b.N) {
					return
				}
				item := bottest.Item(bottest.Address(fmt.Sprint(i%1000)), fmt.Sprint(i), bottest.Said("m", "When are you open on Saturday?"), time.UnixMilli(i))
				if _, err := db.Accept(ctx, []bot.AcceptItem{item}, nil); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	perSecond(b)
}

// BenchmarkPath is a message's whole way: accepted by 64 callers, claimed, decided, taken and settled.
func BenchmarkPath(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "deskbell.db"))
	ctx, now := context.Background(), time.UnixMilli(1)
	var wg sync.WaitGroup
	var next, left atomic.Int64
	left.Store(int64(b.N))
	b.ResetTimer()
	for range 64 {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				item := bottest.Item(bottest.Address(fmt.Sprint(i%5000)), fmt.Sprint(i), bottest.Said(fmt.Sprint("m", i), "When are you open on Saturday?"), now)
				if _, err := db.Accept(ctx, []bot.AcceptItem{item}, nil); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	for range 2 { // deciding: claims of 20, each conversation by its own worker
		wg.Go(func() {
			for left.Load() > 0 && !b.Failed() {
				n, err := decideSome(ctx, db, now)
				if err != nil {
					b.Error(err)
				}
				if left.Add(-int64(n)); n == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	var sent int
	wg.Go(func() {
		for empty := false; !empty && !b.Failed(); {
			done := left.Load() <= 0
			n, err := sendSome(ctx, db, now)
			if err != nil {
				b.Error(err)
			}
			sent += n
			if empty = done && n == 0; n == 0 {
				time.Sleep(time.Millisecond)
			}
		}
	})
	wg.Wait()
	perSecond(b)
	b.ReportMetric(float64(b.N)/float64(max(sent, 1)), "messages/reply")
}

func perSecond(b *testing.B) {
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// decideSome decides up to 20 conversations and returns the number of messages.
func decideSome(ctx context.Context, db *DB, now time.Time) (int, error) {
	claims, err := db.Claim(ctx, now, time.Minute, 20)
	if err != nil {
		return 0, err
	}
	var n atomic.Int64
	var failed atomic.Value
	var wg sync.WaitGroup
	for _, c := range claims {
		wg.Go(func() {
			conv, burst, err := db.Load(ctx, c, bot.ConversationID("c"+c.Address.Key), now)
			d := bot.Decided{Conversation: conv, Burst: burst, Broken: make([]string, len(burst)), Now: now}
			for _, ar := range burst {
				e, _ := bottest.Parse(ar.Doc)
				d.Events = append(d.Events, e)
			}
			d.Turn.Questions = []bot.Question{{Text: "q", Outcome: bot.Answer}}
			bottest.Reply(&d, fmt.Sprintf("%s-%d", c.Address.Key, c.Fence), "We are open from 9 to 18 on workdays.")
			if err == nil {
				err = db.Commit(ctx, c, d)
			}
			if err != nil {
				failed.Store(err)
			}
			n.Add(int64(len(burst)))
		})
	}
	wg.Wait()
	err, _ = failed.Load().(error)
	return int(n.Load()), err
}

// sendSome takes up to 64 parcels and settles them as sent.
func sendSome(ctx context.Context, db *DB, now time.Time) (int, error) {
	ps, err := db.Take(ctx, now, 64)
	var wg sync.WaitGroup
	var failed atomic.Value
	for _, p := range ps {
		wg.Go(func() {
			if err := db.Settle(ctx, p.ID, bot.Settlement{Status: bot.StatusSent, PlatformID: "x" + p.ID, Text: p.Text}, now); err != nil {
				failed.Store(err)
			}
		})
	}
	wg.Wait()
	if e, ok := failed.Load().(error); ok {
		err = e
	}
	return len(ps), err
}
