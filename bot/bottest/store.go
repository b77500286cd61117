package bottest

import (
	"errors"
	"reflect"
	"testing"
)

// TestStore holds a store against the contract of bot.Store, bot.WebLog, handoff.Store, handoff.Agents and
// handoff.Reports. open makes an empty store and closes it with t.Cleanup.
func TestStore(t *testing.T, open func(t *testing.T) Stores) {
	for _, group := range [][]storeTest{acceptTests(), laneTests(), commitTests(), outboxTests(), handoffTests(), eraseTests(), otherTests()} {
		for _, tt := range group {
			t.Run(tt.name, func(t *testing.T) { tt.run(t, open(t)) })
		}
	}
}

type storeTest struct {
	name string
	run  func(t *testing.T, s Stores)
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func wantError(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

func noError(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
