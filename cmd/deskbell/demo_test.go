package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/bot/bottest"
)

// TestDemo starts the demo as a user would, opens every page it names, and ends it with Ctrl-C.
func TestDemo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out, logs := &bottest.Log{}, &bottest.Log{}
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, process{stdin: strings.NewReader(""), stdout: out, stderr: logs})
	}()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), "Ctrl-C"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the demo did not start: %s %s", out.String(), logs.String())
		}
	}
	urls := regexp.MustCompile(`http://\S+`).FindAllString(out.String(), -1)
	if len(urls) != 6 {
		t.Fatalf("the demo names %d addresses: %q", len(urls), urls)
	}
	for _, u := range append(urls, urls[0]+"/?lang=zh-Hans", urls[0]+"/widget.js", urls[0]+"/demo/landing.css") {
		if status, body := get(t, u); status != http.StatusOK || len(body) < 200 {
			t.Errorf("%s: status %d, %d bytes", u, status, len(body))
		}
	}
	cancel()
	select {
	case c := <-code:
		if c != 0 {
			t.Errorf("exit code %d: %s", c, logs.String())
		}
	case <-time.After(20 * time.Second):
		t.Fatal("Ctrl-C did not end the demo")
	}
}

func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestOperation: the endpoints for operators tell the truth.
func TestOperation(t *testing.T) {
	p := startProgram(t, modes{"poll", "socket"})
	if status, body := get(t, p.url+"/healthz"); status != http.StatusOK || body != "ok\n" {
		t.Errorf("/healthz: %d %q", status, body)
	}
	webPost(t, p, webToken, "55555555-5555-4555-8555-555555555555", "How do I add a card?")
	webExpect(t, p, webToken, "UnionPay")
	_, body := get(t, p.url+"/metrics")
	for _, want := range []string{
		`deskbell_events_received_total{channel="webchat",outcome="accepted"} 1`,
		`deskbell_turns_total{channel="webchat",decision="answer"} 1`,
		"deskbell_arrivals_waiting 0",
		"go_goroutines",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	if status, _ := get(t, p.url+"/readyz"); status != http.StatusOK {
		t.Errorf("/readyz: %d", status)
	}
	p.stop()
	rec := httptest.NewRecorder()
	p.server.ready(rec, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("/readyz with the database closed: %d", rec.Code)
	}
}
