package telegramtest

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed page/page.html page/page.css page/page.js
var pageFiles embed.FS

var pageTemplate = template.Must(template.ParseFS(pageFiles, "page/page.html"))

// pagePolicy allows what the page is made of and nothing else: no script or style stands in the HTML.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// Page shows the chats in a browser, to read and write in as a person would. All its addresses are relative: mount it
// at a path that ends in "/" behind http.StripPrefix. What is written there travels as a real update. It makes a person
// and a group when there is nobody yet. It is for a machine of one's own: whoever reaches it may write as anybody.
func (s *Server) Page() http.Handler {
	s.stock()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.pageWhole)
	mux.HandleFunc("GET /log", s.pageLog)
	mux.HandleFunc("GET /events", s.pageEvents)
	mux.HandleFunc("GET /file", s.pageFile)
	mux.HandleFunc("GET /page.css", pageAsset("page/page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /page.js", pageAsset("page/page.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("POST /say", s.pageDo(doSay))
	mux.HandleFunc("POST /edit", s.pageDo(doEdit))
	mux.HandleFunc("POST /press", s.pageDo(doPress))
	mux.HandleFunc("POST /media", s.pageDo(doMedia))
	mux.HandleFunc("POST /block", s.pageDo(doBlock))
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	}))
}

// stock makes the people of the page, invented ones.
func (s *Server) stock() {
	s.mu.Lock()
	needed := !s.stocked && len(s.chats) == 0
	s.stocked = true
	s.mu.Unlock()
	if !needed {
		return
	}
	mei, omar := s.User("Mei Lin", ""), s.User("Omar Haddad", "")
	s.Group("Night Market Sellers 夜市卖家群", mei, omar)
}

func pageAsset(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b, err := pageFiles.ReadFile(name)
		if err != nil {
			http.Error(w, "missing", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", kind)
		_, _ = w.Write(b) // the client is gone if this fails
	}
}

// What the template shows.
type (
	pageView struct {
		W        map[string]string // words of the page's language
		Lang     string            // "en" or "zh"
		Other    string            // the language to switch to
		Bot      string
		Initial  string // of the bot
		Username string
		Chats    []pageChat
		Chat     pageChat
		Members  []pageMember
		Commands []pageCommand
		Log      []pageMessage
		Typing   bool
		Draft    string // text being edited
		EditID   int64
	}
	pageChat struct {
		ID      int64
		Name    string
		Initial string
		Group   bool
		Blocked bool
		Current bool
		Last    string
	}
	pageMember struct {
		ID, Name string
		Selected bool
	}
	pageCommand struct {
		Command     string `json:"command"`
		Description string `json:"description"`
	}
	pageMessage struct {
		Message
		Rev      int64
		Chat     int64
		Mine     bool // of a person: on the right in a private chat
		HTML     template.HTML
		Quote    string
		QuoteWho string
		Keys     [][]pageKey
		Service  string
		Clock    string
		Editable bool
	}
	pageKey struct {
		Text    string
		URL     string
		At      string // "row.column"
		Waiting bool
	}
)

// pageLang is the page's language: asked for, else the browser's.
func pageLang(r *http.Request) string {
	switch r.FormValue("lang") {
	case "zh":
		return "zh"
	case "en":
		return "en"
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(first)), "zh") {
		return "zh"
	}
	return "en"
}

// look gathers what the page shows. The lock is not held.
func (s *Server) look(r *http.Request) pageView {
	lang := pageLang(r)
	v := pageView{W: pageWords[lang], Lang: lang, Other: "zh", Bot: s.opts.Name, Initial: initial(s.opts.Name), Username: s.opts.Username}
	if lang == "zh" {
		v.Other = "en"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	current := s.pick(r)
	for _, id := range s.order {
		if c := s.chats[id]; c.movedTo == 0 {
			v.Chats = append(v.Chats, s.pageChat(c, c == current))
		}
	}
	if current == nil {
		return v
	}
	v.Chat = s.pageChat(current, true)
	for _, u := range current.members {
		id := fmt.Sprint(u.person.ID)
		v.Members = append(v.Members, pageMember{ID: id, Name: u.Name(), Selected: id == r.FormValue("as")})
	}
	v.Commands = s.menu(lang)
	for _, m := range current.messages {
		v.Log = append(v.Log, s.pageMessage(current, m, v.W))
	}
	v.Typing = current.typing.After(s.opts.Now())
	if id := number(r.FormValue("edit")); id != 0 {
		if m := current.find(id); m != nil && m.from.ID != s.me.ID {
			v.EditID, v.Draft = id, m.text
		}
	}
	return v
}

// pick is the chat a request is about, else the first. The lock is held.
func (s *Server) pick(r *http.Request) *chat {
	if c, ok := s.chats[number(r.FormValue("chat"))]; ok {
		return c
	}
	if len(s.order) == 0 {
		return nil
	}
	return s.chats[s.order[0]]
}

func (s *Server) pageChat(c *chat, current bool) pageChat {
	v := pageChat{ID: c.id, Name: c.title, Group: c.with == nil, Blocked: c.blocked, Current: current}
	if c.with != nil {
		v.Name = c.with.Name()
	}
	v.Initial = initial(v.Name)
	if n := len(c.messages); n > 0 && !c.messages[n-1].deleted {
		v.Last = shorten(c.messages[n-1].text, 40)
	}
	return v
}

func initial(name string) string { return string([]rune(name + "?")[:1]) }

func shorten(text string, n int) string {
	r := []rune(strings.Join(strings.Fields(text), " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}

func (s *Server) menu(lang string) []pageCommand {
	raw, ok := s.commands[lang]
	if !ok {
		raw = s.commands[""]
	}
	var out []pageCommand
	if json.Unmarshal(raw, &out) != nil {
		return nil // not set yet
	}
	return out
}

func (s *Server) pageMessage(c *chat, m *message, words map[string]string) pageMessage {
	v := pageMessage{
		Message: s.view(m), Rev: m.rev, Chat: c.id, Mine: m.from.ID != s.me.ID && c.with != nil,
		HTML: entityHTML(m.text, m.entities), Clock: m.date.Format("15:04"),
	}
	v.Editable = m.from.ID != s.me.ID && !m.deleted && m.kind == ""
	if m.kind == "forum_topic_created" {
		v.Service = words["topic"]
	} else if m.kind != "" && m.doc == nil {
		v.Service, v.Message.Media = "", words["media_"+m.kind]
		if v.Message.Media == "" {
			v.Message.Media = m.kind
		}
	}
	if m.replyTo != nil {
		v.QuoteWho, v.Quote = m.replyTo.from.FirstName, shorten(m.replyTo.text, 60)
		if m.replyTo.deleted {
			v.Quote = words["deleted"]
		}
	}
	if m.keys == nil {
		return v
	}
	for i, row := range m.keys.Rows {
		var line []pageKey
		for j, k := range row {
			line = append(line, pageKey{Text: k.Text, URL: safeURL(k.URL), At: fmt.Sprintf("%d.%d", i, j), Waiting: s.waits(m, k)})
		}
		v.Keys = append(v.Keys, line)
	}
	return v
}

// waits reports that a button was pressed and the bot has not answered.
func (s *Server) waits(m *message, k key) bool {
	for _, p := range s.presses {
		if p.msg == m && p.key == k && !p.answered && s.opts.Now().Sub(p.at) < keepPresses {
			return true
		}
	}
	return false
}

func (s *Server) pageWhole(w http.ResponseWriter, r *http.Request) { s.show(w, r, "page") }

// pageLog answers the part of the page that changes; the script puts it in place.
func (s *Server) pageLog(w http.ResponseWriter, r *http.Request) { s.show(w, r, "live") }

func (s *Server) show(w http.ResponseWriter, r *http.Request, name string) {
	var b bytes.Buffer
	if err := pageTemplate.ExecuteTemplate(&b, name, s.look(r)); err != nil {
		s.opts.Log.Error("telegramtest: page", "err", err)
		http.Error(w, "the page is broken", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the client is gone if this fails
}

// pageEvents tells the script whenever something has changed.
func (s *Server) pageEvents(w http.ResponseWriter, r *http.Request) {
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Time{}) // servers that cannot do without keep their own
	w.Header().Set("Content-Type", "text/event-stream")
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	for {
		s.mu.Lock()
		version, changed := s.version, s.changed
		s.mu.Unlock()
		if _, err := fmt.Fprintf(w, "event: change\ndata: %d\n\n", version); err != nil || rc.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-beat.C:
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		}
	}
}

func (s *Server) pageFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	var f *file
	if c, ok := s.chats[number(r.FormValue("chat"))]; ok {
		if m := c.find(number(r.FormValue("message"))); m != nil {
			f = m.doc
		}
	}
	s.mu.Unlock()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	download(w, f)
}

// pageDo runs something a person does, and leads back to the chat; the script only looks at the status.
func (s *Server) pageDo(act func(*Server, *chat, *User, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		s.mu.Lock()
		c, ok := s.chats[number(r.FormValue("chat"))]
		var err error
		if ok {
			err = act(s, c, s.writer(c, r), r)
		}
		s.mu.Unlock()
		switch {
		case !ok:
			http.NotFound(w, r)
			return
		case err != nil:
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		back := url.Values{"chat": {strconv.FormatInt(c.id, 10)}, "lang": {pageLang(r)}}
		if r.FormValue("as") != "" {
			back.Set("as", r.FormValue("as"))
		}
		// Relative, and not by http.Redirect, which would make it a path of the handler instead of the mount.
		w.Header().Set("Location", "./?"+back.Encode())
		w.WriteHeader(http.StatusSeeOther)
	}
}

// writer is who writes: the person of a private chat, or the chosen member of a group. Their client has the page's
// language. The lock is held.
func (s *Server) writer(c *chat, r *http.Request) *User {
	u := c.with
	if u == nil {
		i := slices.IndexFunc(c.members, func(m *User) bool { return fmt.Sprint(m.person.ID) == r.FormValue("as") })
		if len(c.members) == 0 {
			return nil
		}
		u = c.members[max(i, 0)]
	}
	u.person.Language = map[string]string{"zh": "zh-hans", "en": "en"}[pageLang(r)]
	return u
}

type pageError string

func (e pageError) Error() string { return string(e) }

const (
	errNothing   = pageError("nothing to send")
	errNobody    = pageError("nobody is here to write")
	errNoMessage = pageError("no such message")
)

func doSay(s *Server, c *chat, u *User, r *http.Request) error {
	text := strings.TrimSpace(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"))
	switch {
	case u == nil:
		return errNobody
	case text == "":
		return errNothing
	case units(text) > maxText:
		return pageError("longer than a message may be")
	}
	s.say(c, u, utterance{text: text, replyTo: number(r.FormValue("reply"))})
	return nil
}

func doEdit(s *Server, c *chat, _ *User, r *http.Request) error {
	m := c.find(number(r.FormValue("message")))
	text := strings.TrimSpace(strings.ReplaceAll(r.FormValue("text"), "\r\n", "\n"))
	switch {
	case m == nil || m.from.ID == s.me.ID:
		return errNoMessage
	case text == "":
		return errNothing
	}
	s.amend(c, m, text)
	return nil
}

func doPress(s *Server, c *chat, u *User, r *http.Request) error {
	m := c.find(number(r.FormValue("message")))
	row, col, _ := strings.Cut(r.FormValue("key"), ".")
	i, j := int(number(row)), int(number(col))
	if u == nil || m == nil || m.keys == nil || i < 0 || j < 0 || i >= len(m.keys.Rows) || j >= len(m.keys.Rows[i]) {
		return errNoMessage
	}
	return s.pressKey(c, u, m, m.keys.Rows[i][j])
}

func doMedia(s *Server, c *chat, u *User, r *http.Request) error {
	kind := r.FormValue("kind")
	if u == nil || !slices.Contains([]string{"photo", "voice", "document", "sticker", "location"}, kind) {
		return errNobody
	}
	s.say(c, u, utterance{media: kind})
	return nil
}

func doBlock(s *Server, c *chat, u *User, _ *http.Request) error {
	if c.with == nil || u == nil {
		return errNobody
	}
	s.block(c, !c.blocked)
	return nil
}
