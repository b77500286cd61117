package console

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/bot"
)

// maxTry is the length of a text that can be tried, in characters.
const maxTry = 2000

type tryPage struct {
	Text   string
	Error  string // key of a text
	Result *triedView
}

// triedView is Tried as the page shows it.
type triedView struct {
	Lang      string
	Decision  bot.Decision
	Handoff   string
	Clean     template.HTML
	Findings  []string
	Questions []triedQuestion
	Replies   []triedReply
	Held      []string
}

type triedQuestion struct {
	Text       template.HTML
	Lang       string
	Outcome    bot.Decision
	Candidates []entryRef
}

type triedReply struct {
	Lang    string
	Body    template.HTML
	Buttons []string
}

func (k *Console) showTry(v *visit) error {
	k.render(v, http.StatusOK, "try", tryPage{})
	return nil
}

// try shows what the bot would do. The text comes in the body of a form, so that it stands in no log, and it is stored
// nowhere; when the guard finds something in it, the page gives back only what the guard left.
func (k *Console) try(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return fmt.Errorf("try form: %w", err)
	}
	p := tryPage{Text: strings.TrimSpace(strings.ReplaceAll(v.PostForm.Get("text"), "\r\n", "\n"))}
	status := http.StatusOK
	switch {
	case p.Text == "":
		p.Error, status = "try.empty", http.StatusUnprocessableEntity
	case utf8.RuneCountInString(p.Text) > maxTry:
		p.Error, status = "try.long", http.StatusUnprocessableEntity
	default:
		got, err := k.c.Try(v.Context(), p.Text)
		if err != nil {
			return fmt.Errorf("try: %w", err)
		}
		r := k.viewer(v).tried(got)
		p.Result = &r
		if len(got.Findings) > 0 {
			p.Text = got.Clean
		}
	}
	if v.part() == "result" {
		k.renderPart(v, status, "try", "result", p)
		return nil
	}
	k.render(v, status, "try", p)
	return nil
}

func (w viewer) tried(t Tried) triedView {
	r := triedView{Lang: string(t.Lang), Decision: t.Decision, Handoff: string(t.Handoff), Clean: w.texts.plainHTML(w.tag, t.Clean), Held: t.Held}
	for _, f := range t.Findings {
		if s := w.texts.name(w.tag, "kind", string(f.Kind)); !slices.Contains(r.Findings, s) {
			r.Findings = append(r.Findings, s)
		}
	}
	for _, q := range t.Questions {
		if q.Text == "" {
			continue // counted in the reports, nothing to show here
		}
		r.Questions = append(r.Questions, triedQuestion{w.texts.plainHTML(w.tag, q.Text), string(q.Lang), q.Outcome, w.candidates(q.Ranked, 5)})
	}
	for _, rep := range t.Replies {
		tr := triedReply{Lang: string(rep.Lang), Body: w.texts.richHTML(w.tag, w.rendered(rep.Text, rep.Lang))}
		for _, b := range rep.Buttons {
			tr.Buttons = append(tr.Buttons, b.Label)
		}
		r.Replies = append(r.Replies, tr)
	}
	return r
}
