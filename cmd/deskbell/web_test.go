package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/bot/bottest"
)

func TestWhatAPanicSaysIsNotLogged(t *testing.T) {
	log := &bottest.Log{}
	s := &server{log: newLog(log, "debug", "text"), metrics: newMetrics()}
	srv := httptest.NewUnstartedServer(s.calm(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("hunter2") })))
	srv.Start()
	defer srv.Close()
	if res, err := http.Get(srv.URL); err == nil {
		res.Body.Close()
		t.Errorf("answered with %d", res.StatusCode)
	}
	if text := log.String(); strings.Contains(text, "hunter2") || !strings.Contains(text, "a request panicked") {
		t.Errorf("logged: %s", text)
	}
}
