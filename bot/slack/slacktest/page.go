package slacktest

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed page
var pageFiles embed.FS

var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"pair": func(p pageView, m messageView, inThread bool) shown { return shown{p, m, inThread} },
}).ParseFS(pageFiles, "page/page.html"))

// shown is a message with what surrounds it.
type shown struct {
	Page     pageView
	Message  messageView
	InThread bool
}

// pageUser is who one is on the page.
const pageUser = "Alex"

// Commands that the page's composer knows, as the app's manifest would declare them.
var pageCommands = []string{"/deskbell", "/support"}

const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// Page returns a small team chat for people: one is the user Alex, with the bot's direct messages and the channel #help. What
// one types becomes real events. All its addresses are relative: mount it behind http.StripPrefix at a path that ends in a slash.
func (s *Server) Page() http.Handler {
	p := &page{s: s, user: s.User(pageUser)}
	s.mu.Lock()
	s.channel("help").Members[p.user.ID] = true
	s.im(p.user)
	s.mu.Unlock()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.show)
	mux.HandleFunc("GET /live", p.live)
	mux.HandleFunc("GET /file/{id}", p.file)
	mux.HandleFunc("POST /say", p.form(p.say))
	mux.HandleFunc("POST /press", p.form(p.press))
	mux.HandleFunc("POST /edit", p.form(p.edit))
	mux.HandleFunc("POST /delete", p.form(p.remove))
	for _, name := range []string{"app.js", "app.css", "icon.svg"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-cache")
			http.ServeFileFS(w, r, pageFiles, "page/"+name)
		})
	}
	return http.NewCrossOriginProtection().Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		mux.ServeHTTP(w, r)
	}))
}

type page struct {
	s    *Server
	user *User
}

// pageView is what the template shows.
type pageView struct {
	T        map[string]string
	Lang     string
	Other    string // the other language
	Me       string
	Rooms    []roomView
	Room     roomView
	Messages []messageView
	Thread   []messageView
	ThreadTS string
	Note     string
}

type roomView struct {
	ID, Name string
	DM       bool
	Current  bool
}

type messageView struct {
	Room, TS, Thread string
	Name, Initial    string
	Bot, Mine        bool
	Time             string
	At               string
	HTML             []template.HTML
	Raw              string // for editing
	Buttons          []Button
	Files            []fileView
	Edited, Deleted  bool
	Private          bool // only this user sees it
	Replies          string
}

type fileView struct {
	ID, Name string
	Size     string
}

func (p *page) show(w http.ResponseWriter, r *http.Request) {
	v, ok := p.view(r)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := pageTemplate.Execute(w, v); err != nil {
		p.s.opt.Log.ErrorContext(r.Context(), "slacktest page", "error", err)
	}
}

func (p *page) view(r *http.Request) (pageView, bool) {
	q := r.URL.Query()
	v := pageView{Lang: pageLang(r), Me: pageUser, ThreadTS: q.Get("thread")}
	v.T, v.Other = pageTexts[v.Lang], map[string]string{"zh": "en", "en": "zh"}[v.Lang]
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	current := p.s.channels[q.Get("c")]
	if current == nil {
		current = p.s.im(p.user)
	}
	if !current.Members[p.user.ID] {
		return v, false
	}
	for _, c := range p.s.channels {
		if c.Members[p.user.ID] {
			v.Rooms = append(v.Rooms, roomView{ID: c.ID, Name: orElse(c.Name, BotName), DM: c.IM != nil, Current: c == current})
		}
	}
	slices.SortFunc(v.Rooms, func(a, b roomView) int { return strings.Compare(b.ID[:1]+b.Name, a.ID[:1]+a.Name) })
	v.Room = roomView{ID: current.ID, Name: orElse(current.Name, BotName), DM: current.IM != nil}
	for _, m := range current.messages {
		switch {
		case m.Ephemeral != "" && m.Ephemeral != p.user.ID:
		case v.ThreadTS != "" && (m.TS == v.ThreadTS || m.ThreadTS == v.ThreadTS):
			v.Thread = append(v.Thread, p.message(current, m, v.T))
		}
		if (m.ThreadTS == "" || m.Broadcast) && (m.Ephemeral == "" || m.Ephemeral == p.user.ID) {
			v.Messages = append(v.Messages, p.message(current, m, v.T))
		}
	}
	return v, true
}

// message is called with s.mu held.
func (p *page) message(c *room, m *Message, t map[string]string) messageView {
	at := timeOf(m.TS)
	v := messageView{
		Room: c.ID, TS: m.TS, Thread: orElse(m.ThreadTS, m.TS), Name: p.name(m.User), Bot: m.Bot, Mine: m.User == p.user.ID,
		Time: at.Format("15:04"), At: at.Format(time.RFC3339), Raw: plain(m.Text), Edited: m.Edited != "", Deleted: m.Deleted,
		Private: m.Ephemeral != "",
	}
	v.Initial = strings.ToUpper(v.Name[:1])
	if m.Deleted {
		return v
	}
	for _, s := range m.sections() {
		v.HTML = append(v.HTML, mrkdwnHTML(s, p.name))
	}
	v.Buttons = m.Buttons()
	for _, f := range m.Files {
		v.Files = append(v.Files, fileView{ID: f.ID, Name: f.Name, Size: fmt.Sprintf("%.1f kB", float64(f.Size)/1000)})
	}
	if n := len(c.thread(m.TS)) - 1; n > 0 && m.ThreadTS == "" {
		v.Replies = t["reply1"]
		if n > 1 {
			v.Replies = fmt.Sprintf(t["replies"], n)
		}
	}
	return v
}

// name is called with s.mu held.
func (p *page) name(user string) string {
	if user == BotUser {
		return "Deskbell"
	}
	if u := p.s.users[user]; u != nil {
		return u.Name
	}
	return orElse(user, "?")
}

func timeOf(ts string) time.Time {
	var sec, usec int64
	_, _ = fmt.Sscanf(ts, "%d.%d", &sec, &usec)
	return time.Unix(sec, usec*1000)
}

// live tells the page by server-sent events that something has changed; the page then fetches itself anew.
func (p *page) live(w http.ResponseWriter, r *http.Request) {
	ch, stop := p.s.watch()
	defer stop()
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	line := "retry: 1000\nevent: change\ndata: start\n\n"
	for {
		if _, err := fmt.Fprint(w, line); err != nil || rc.Flush() != nil {
			return
		}
		select {
		case <-ch:
			line = "event: change\ndata: now\n\n"
		case <-beat.C:
			line = ": still here\n\n"
		case <-r.Context().Done():
			return
		case <-p.s.closing:
			return
		}
	}
}

func (p *page) file(w http.ResponseWriter, r *http.Request) {
	p.s.mu.Lock()
	f := p.s.files[r.PathValue("id")]
	p.s.mu.Unlock()
	if f == nil || !f.shared {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.MIME)
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
	_, _ = w.Write(f.Data)
}

// form runs an action and leads back to the page, where without JavaScript the result is seen.
func (p *page) form(do func(context.Context, url.Values) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		if err := r.ParseMultipartForm(64 << 10); err != nil && err != http.ErrNotMultipart {
			http.Error(w, "the form cannot be read", http.StatusBadRequest)
			return
		}
		if err := do(r.Context(), r.PostForm); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		if r.Header.Get("X-Requested-With") != "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		back := url.Values{"c": {r.PostForm.Get("c")}, "lang": {r.PostForm.Get("lang")}}
		if t := r.PostForm.Get("open"); t != "" {
			back.Set("thread", t)
		}
		w.Header().Set("Location", "./?"+back.Encode()) // http.Redirect would resolve it against the path without its prefix
		w.WriteHeader(http.StatusSeeOther)
	}
}

func (p *page) say(_ context.Context, f url.Values) error {
	text := f.Get("text")
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if strings.HasPrefix(text, "/") {
		return p.command(f.Get("c"), text)
	}
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.channels[f.Get("c")]
	if c == nil || !c.Members[p.user.ID] {
		return errNoMessage
	}
	p.user.write(c, f.Get("thread"), text)
	return nil
}

// command does what Slack does with a line that begins with a slash: it never becomes a message.
func (p *page) command(room, text string) error {
	name, rest, _ := strings.Cut(text, " ")
	p.s.mu.Lock()
	c := p.s.channels[room]
	p.s.mu.Unlock()
	if c == nil {
		return errNoMessage
	}
	if !slices.Contains(pageCommands, name) {
		p.s.tell(c, p.user, name+" is not a valid command. Try /deskbell "+strings.TrimPrefix(name, "/")+".")
		return nil
	}
	_, _ = p.user.Command(name, c.ID, rest) // a failure is shown in the channel
	return nil
}

func (p *page) press(_ context.Context, f url.Values) error {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.channels[f.Get("c")]
	if c == nil {
		return errNoMessage
	}
	if m := c.find(f.Get("ts")); m != nil {
		for _, b := range m.Buttons() {
			if b.ActionID == f.Get("press") {
				p.user.press(m, b)
				return nil
			}
		}
	}
	return errNoMessage
}

func (p *page) edit(_ context.Context, f url.Values) error {
	if strings.TrimSpace(f.Get("text")) == "" {
		return nil
	}
	return p.user.Edit(Message{Channel: f.Get("c"), TS: f.Get("ts")}, f.Get("text"))
}

func (p *page) remove(_ context.Context, f url.Values) error {
	return p.user.Delete(Message{Channel: f.Get("c"), TS: f.Get("ts")})
}

// pageLang is the language of the page: chosen, else the browser's first.
func pageLang(r *http.Request) string {
	if l := r.URL.Query().Get("lang"); pageTexts[l] != nil {
		return l
	}
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "zh") {
		return "zh"
	}
	return "en"
}

var pageTexts = map[string]map[string]string{
	"en": {
		"title": "Team chat (local stand-in of Slack)", "note": "A local stand-in: nothing leaves this machine.", "rooms": "Conversations",
		"channels": "Channels", "direct": "Direct messages", "messages": "Messages", "thread": "Thread", "close": "Close thread",
		"write": "Write to the bot", "writeChannel": "Write in the channel; @deskbell calls the bot", "reply": "Reply in the thread", "send": "Send",
		"edit": "Edit", "delete": "Delete", "save": "Save", "edited": "(edited)", "deleted": "This message was deleted.", "private": "Only visible to you",
		"openThread": "Reply in thread", "reply1": "1 reply", "replies": "%d replies", "empty": "Nothing here yet. Say hello!", "emptyChannel": "Nothing here yet. Write “@deskbell what are your hours?”",
		"app": "App", "skip": "Skip to the message box", "language": "中文", "hint": "Enter sends, Shift+Enter starts a new line",
	},
	"zh": {
		"title": "团队聊天（本机模拟的 Slack）", "note": "本机模拟，内容不会离开这台机器。", "rooms": "会话",
		"channels": "频道", "direct": "私信", "messages": "消息", "thread": "消息列", "close": "关闭消息列",
		"write": "给机器人写消息", "writeChannel": "在频道中发言，用 @deskbell 呼叫机器人", "reply": "在消息列中回复", "send": "发送",
		"edit": "编辑", "delete": "删除", "save": "保存", "edited": "（已编辑）", "deleted": "此消息已删除。", "private": "仅您可见",
		"openThread": "在消息列中回复", "reply1": "1 条回复", "replies": "%d 条回复", "empty": "还没有消息，打个招呼吧！", "emptyChannel": "还没有消息，试试“@deskbell 客服几点上班？”",
		"app": "应用", "skip": "跳到输入框", "language": "English", "hint": "Enter 发送，Shift+Enter 换行",
	},
}
