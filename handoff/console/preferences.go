package console

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/deskbell/deskbell/intents/lang"
)

// Cookies that hold no secret: how one person likes the pages. The time zone is written by static/app.js.
const (
	cookieLang  = "deskbell_lang"
	cookieTheme = "deskbell_theme"
	cookieZone  = "deskbell_tz"
)

func (k *Console) newVisit(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{Request: r, w: w, now: k.c.Now(), tag: uiLang(r), theme: uiTheme(r), zone: uiZone(r)}
}

// savePreferences keeps the language or the theme and goes back to where the person was.
func (k *Console) savePreferences(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return fmt.Errorf("preferences form: %w", err)
	}
	if tag := lang.Tag(v.PostForm.Get("lang")); tag == lang.En || tag == lang.ZhHans || tag == lang.ZhHant {
		k.setCookie(v.w, cookieLang, string(tag))
	}
	if v.PostForm.Has("theme") {
		theme := v.PostForm.Get("theme")
		if theme != "light" && theme != "dark" {
			theme = "auto"
		}
		k.setCookie(v.w, cookieTheme, theme)
	}
	back := v.PostForm.Get("back")
	if back != "/login" {
		back = safeNext(back)
	}
	return v.redirect(back)
}

func (k *Console) setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
		Secure: k.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// uiLang is the language of the pages: chosen by the person, else what the browser asks for, else English.
func uiLang(r *http.Request) lang.Tag {
	if c, err := r.Cookie(cookieLang); err == nil {
		switch t := lang.Tag(c.Value); t {
		case lang.En, lang.ZhHans, lang.ZhHant:
			return t
		}
	}
	m := language.NewMatcher([]language.Tag{language.English, language.SimplifiedChinese, language.TraditionalChinese})
	_, i := language.MatchStrings(m, r.Header.Get("Accept-Language"))
	return []lang.Tag{lang.En, lang.ZhHans, lang.ZhHant}[i]
}

func uiTheme(r *http.Request) string {
	if c, err := r.Cookie(cookieTheme); err == nil && (c.Value == "light" || c.Value == "dark") {
		return c.Value
	}
	return ""
}

// uiZone is the browser's time zone, UTC until it has told.
func uiZone(r *http.Request) *time.Location {
	c, err := r.Cookie(cookieZone)
	if err != nil {
		return time.UTC
	}
	name, err := url.QueryUnescape(c.Value)
	if err != nil || len(name) > 64 || strings.EqualFold(name, "local") {
		return time.UTC
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return z
}
