package main

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/bot/sqlstore"
)

// metrics counts what happens, for Prometheus. It implements bot.Observer.
type metrics struct {
	registry *prometheus.Registry
	received *prometheus.CounterVec
	findings *prometheus.CounterVec
	decided  *prometheus.CounterVec
	took     *prometheus.HistogramVec
	handoffs *prometheus.CounterVec
	settled  *prometheus.CounterVec
	panics   *prometheus.CounterVec
}

func newMetrics() *metrics {
	count := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "deskbell_" + name, Help: help}, labels)
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		received: count("events_received_total", "Platform events, by what became of them.", "channel", "outcome"),
		findings: count("guard_findings_total", "Messages with sensitive data, by kind.", "channel", "kind"),
		decided:  count("turns_total", "Bursts decided, by decision.", "channel", "decision"),
		handoffs: count("handoffs_total", "Conversations handed over, by reason.", "channel", "reason"),
		settled:  count("sends_total", "Outbox rows, by what became of an attempt.", "channel", "kind", "status"),
		panics:   count("panics_total", "Panics caught, by place.", "where"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "deskbell_turn_seconds", Help: "Time to decide and commit a burst.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"channel"}),
	}
	m.registry.MustRegister(m.received, m.findings, m.decided, m.took, m.handoffs, m.settled, m.panics,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// handler serves the metrics, with what waits in the database read at each scrape.
func (m *metrics) handler(db *sqlstore.DB) http.Handler {
	m.registry.MustRegister(&waiting{db: db})
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Received counts an event.
func (m *metrics) Received(channel string, r bot.Receipt) {
	outcome := "accepted"
	switch {
	case r.Duplicate:
		outcome = "duplicate"
	case r.Ignored:
		outcome = "ignored"
	}
	m.received.WithLabelValues(channel, outcome).Inc()
	if r.Duplicate {
		return
	}
	seen := map[string]bool{}
	for _, f := range r.Findings {
		if k := string(f.Kind); !seen[k] {
			seen[k] = true
			m.findings.WithLabelValues(channel, k).Inc()
		}
	}
}

// Decided counts a turn.
func (m *metrics) Decided(channel string, t bot.Turn, took time.Duration) {
	d := string(t.Decision)
	if d == "" {
		d = "nothing"
	}
	m.decided.WithLabelValues(channel, d).Inc()
	m.took.WithLabelValues(channel).Observe(took.Seconds())
	if t.Handoff != nil {
		m.handoffs.WithLabelValues(channel, string(t.Handoff.Reason)).Inc()
	}
}

// Settled counts an attempt to send.
func (m *metrics) Settled(channel string, kind bot.ParcelKind, s bot.SendStatus) {
	m.settled.WithLabelValues(channel, string(kind), string(s)).Inc()
}

// Panicked counts a panic.
func (m *metrics) Panicked(where string) { m.panics.WithLabelValues(where).Inc() }

// waiting reads what waits in the database.
type waiting struct{ db *sqlstore.DB }

// gauges is what is read from the database at each scrape.
var gauges = []struct {
	desc *prometheus.Desc
	read func(sqlstore.Stats) float64
}{
	{prometheus.NewDesc("deskbell_arrivals_waiting", "Events accepted and not decided.", nil, nil), func(s sqlstore.Stats) float64 { return float64(s.ArrivalsWaiting) }},
	{prometheus.NewDesc("deskbell_arrivals_oldest_seconds", "Age of the oldest event not decided.", nil, nil), func(s sqlstore.Stats) float64 { return s.OldestArrival.Seconds() }},
	{prometheus.NewDesc("deskbell_arrivals_broken", "Events that could not be understood.", nil, nil), func(s sqlstore.Stats) float64 { return float64(s.ArrivalsBroken) }},
	{prometheus.NewDesc("deskbell_outbox_oldest_seconds", "Age of the oldest message not sent.", nil, nil), func(s sqlstore.Stats) float64 { return s.OldestParcel.Seconds() }},
	{prometheus.NewDesc("deskbell_handoffs_waiting", "Handoffs nobody has claimed.", nil, nil), func(s sqlstore.Stats) float64 { return float64(s.HandoffsWaiting) }},
	{prometheus.NewDesc("deskbell_handoffs_oldest_seconds", "Age of the oldest handoff nobody has claimed.", nil, nil), func(s sqlstore.Stats) float64 { return s.OldestHandoff.Seconds() }},
	{prometheus.NewDesc("deskbell_database_bytes", "Size of the database file.", nil, nil), func(s sqlstore.Stats) float64 { return float64(s.FileBytes) }},
	{prometheus.NewDesc("deskbell_database_wal_bytes", "Size of the write-ahead log.", nil, nil), func(s sqlstore.Stats) float64 { return float64(s.WALBytes) }},
}

var outboxRows = prometheus.NewDesc("deskbell_outbox_rows", "Outbox rows that are not finished or went wrong, by status.", []string{"status"}, nil)

// Describe names the metrics.
func (w *waiting) Describe(ch chan<- *prometheus.Desc) {
	for _, g := range gauges {
		ch <- g.desc
	}
	ch <- outboxRows
}

// Collect reads them.
func (w *waiting) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	st, err := w.db.Stats(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(outboxRows, err)
		return
	}
	for _, g := range gauges {
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, g.read(st))
	}
	for status, n := range st.Outbox {
		ch <- prometheus.MustNewConstMetric(outboxRows, prometheus.GaugeValue, float64(n), string(status))
	}
}
