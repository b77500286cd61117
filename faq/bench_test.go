package faq_test

import (
	"testing"

	"github.com/deskbell/deskbell/faq"
)

func BenchmarkLoad(b *testing.B) {
	files := manyEntries(100)
	for b.Loop() {
		if _, err := faq.Load(files); err != nil {
			b.Fatal(err)
		}
	}
}
