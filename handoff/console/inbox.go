package console

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/deskbell/deskbell/bot"
	"github.com/deskbell/deskbell/handoff"
)

// inboxPage is the inbox with a conversation, or with none chosen.
type inboxPage struct {
	List listView
	Open *conversationView
}

func viewOf(v *visit) string {
	if v.URL.Query().Get("view") == viewClosed {
		return viewClosed
	}
	return viewOpen
}

func (k *Console) showInbox(v *visit) error {
	list, err := k.list(v, viewOf(v), "")
	if err != nil {
		return err
	}
	if v.part() == "list" {
		k.renderPart(v, http.StatusOK, "inbox", "list", list)
		return nil
	}
	k.render(v, http.StatusOK, "inbox", inboxPage{List: list})
	return nil
}

// list loads the left column.
func (k *Console) list(v *visit, view, current string) (listView, error) {
	var hs []handoff.Handoff
	statuses := []handoff.Status{""}
	if view == viewClosed {
		statuses = []handoff.Status{handoff.Resolved, handoff.Returned}
	}
	for _, s := range statuses {
		some, err := k.c.Service.List(v.Context(), handoff.Filter{Status: s})
		if err != nil {
			return listView{}, err
		}
		hs = append(hs, some...)
	}
	return k.viewer(v).list(hs, view, current), nil
}

func (k *Console) showConversation(v *visit) error {
	return k.conversation(v, http.StatusOK, formState{})
}

// conversation answers with the conversation: the fragment a script asks for, or the whole inbox around it.
func (k *Console) conversation(v *visit, status int, form formState) error {
	id := v.PathValue("id")
	got, err := k.c.Service.Get(v.Context(), id)
	if err != nil {
		return err
	}
	view := viewOf(v)
	conv := k.viewer(v).conversation(got, view, form)
	if v.part() == "conversation" {
		k.renderPart(v, status, "inbox", "conversation", conv)
		return nil
	}
	list, err := k.list(v, view, id)
	if err != nil {
		return err
	}
	k.render(v, status, "inbox", inboxPage{List: list, Open: &conv})
	return nil
}

func (k *Console) claim(v *visit) error {
	return k.done(v, k.c.Service.Claim(v.Context(), v.PathValue("id"), v.agent), formState{})
}

func (k *Console) giveBack(v *visit) error {
	return k.done(v, k.c.Service.Return(v.Context(), v.PathValue("id"), v.agent), formState{})
}

func (k *Console) resolve(v *visit) error {
	return k.done(v, k.c.Service.Resolve(v.Context(), v.PathValue("id"), v.agent), formState{})
}

func (k *Console) reply(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return fmt.Errorf("reply form: %w", err)
	}
	text := v.PostForm.Get("text")
	return k.done(v, k.c.Service.Reply(v.Context(), v.PathValue("id"), v.agent, text), formState{Mode: "reply", Reply: text})
}

func (k *Console) note(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return fmt.Errorf("note form: %w", err)
	}
	text := v.PostForm.Get("text")
	return k.done(v, k.c.Service.Note(v.Context(), v.PathValue("id"), v.agent, text), formState{Mode: "note", Note: text})
}

// done answers after an action. What was held back or lost to a colleague is shown beside the text as it was typed;
// every other error is a page of its own.
func (k *Console) done(v *visit, err error, form formState) error {
	var held *handoff.Held
	var taken *handoff.TakenError
	switch {
	case err == nil && v.part() != "":
		return k.conversation(v, http.StatusOK, formState{Mode: form.Mode})
	case err == nil:
		return v.redirect(hrefOf(v.PathValue("id"), viewOpen))
	case errors.As(err, &held):
		for _, p := range held.Problems {
			form.Problems = append(form.Problems, k.pages.texts.problem(v.tag, p))
		}
		return k.conversation(v, http.StatusUnprocessableEntity, form)
	case errors.As(err, &taken):
		form.Banner = k.pages.texts.taken(v.tag, taken, v.agent.ID)
		return k.conversation(v, http.StatusConflict, form)
	case errors.Is(err, bot.ErrConflict):
		form.Banner = k.pages.texts.get(v.tag, "banner.changed")
		return k.conversation(v, http.StatusConflict, form)
	}
	return err
}
