package console

import (
	"fmt"
	"html/template"
)

// icon is a small drawing of our own, 24 by 24, in the colour of the text around it. It says nothing to a screen reader:
// a text stands beside it or as a label.
func icon(name any) (template.HTML, error) {
	d, ok := icons()[fmt.Sprint(name)]
	if !ok {
		d = icons()["dot"]
	}
	return template.HTML(`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + d + `</svg>`), nil // constant drawings
}

func icons() map[string]string {
	return map[string]string{
		"bell":     `<path d="M4 17h16M6 17v-1a6 6 0 0 1 12 0v1M12 10V7.5M9.5 7.5h5M3.5 20h17"/>`,
		"telegram": `<path d="M3.5 11.5 20.5 4.5l-3 15-5.5-4-3 3-.5-5 8-6.5-9.8 5.8z"/>`,
		"slack":    `<path d="M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16"/>`,
		"webchat":  `<path d="M4 5h16v11h-8.5L7 19.5V16H4z"/><path d="M8 9.5h8M8 12.5h5"/>`,
		"email":    `<path d="M3.5 6h17v12h-17z"/><path d="m4 7 8 6 8-6"/>`,
		"bot":      `<path d="M5 9h14v9H5z"/><path d="M12 9V5.5M9.5 13.5v.01M14.5 13.5v.01M2.5 12v3M21.5 12v3"/>`,
		"person":   `<circle cx="12" cy="8.5" r="3.5"/><path d="M5 19.5c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5"/>`,
		"note":     `<path d="M5 4h14v11l-5 5H5z"/><path d="M14 20v-5h5M8.5 8.5h7M8.5 12h4"/>`,
		"check":    `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
		"clock":    `<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>`,
		"alert":    `<path d="M12 4 3 19.5h18zM12 10v4.5M12 17v.01"/>`,
		"back":     `<path d="M14.5 5.5 8 12l6.5 6.5"/>`,
		"return":   `<path d="M9 6 4.5 10.5 9 15M4.5 10.5H15a4.5 4.5 0 0 1 0 9h-3"/>`,
		"send":     `<path d="M4 12 20 4.5 14.5 20l-3-6.5z"/>`,
		"hand":     `<path d="M8 12V6.5a1.5 1.5 0 0 1 3 0V11M11 10.5V5a1.5 1.5 0 0 1 3 0v5.5M14 10.5V6.5a1.5 1.5 0 0 1 3 0V14c0 3.5-2 6-5 6s-4-1.5-5.5-4L4.5 13a1.5 1.5 0 0 1 2.5-1.5L8 13"/>`,
		"search":   `<circle cx="10.5" cy="10.5" r="6"/><path d="m15 15 5 5"/>`,
		"info":     `<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8v.01"/>`,
		"shield":   `<path d="M12 3.5 5 6v5.5c0 4.5 3 7.5 7 9 4-1.5 7-4.5 7-9V6z"/>`,
		"url":      `<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c-5 5-5 12 0 17 5-5 5-12 0-17"/>`,
		"phone":    `<path d="M6 4h3.5l1.5 4.5-2 1.5a11 11 0 0 0 5 5l1.5-2 4.5 1.5V18c0 1.5-1 2-2 2C10 20 4 13 4 6c0-1 .5-2 2-2z"/>`,
		"handle":   `<circle cx="12" cy="12" r="3.5"/><path d="M15.5 8.5v4.5c0 3.5 5 2.5 5-1.5a8.5 8.5 0 1 0-4 7.5"/>`,
		"chart":    `<path d="M4 20V4M4 20h16M8.5 16v-5M13 16V7.5M17.5 16v-3"/>`,
		"book":     `<path d="M5 4.5h11.5a2 2 0 0 1 2 2v13H7a2 2 0 0 1-2-2zM5 17a2 2 0 0 1 2-2h11.5M9 8.5h6"/>`,
		"flask":    `<path d="M10 4v6l-5 8.5c-.6 1 0 1.5 1 1.5h12c1 0 1.6-.5 1-1.5L14 10V4M8.5 4h7M8 15h8"/>`,
		"inbox":    `<path d="M4 13 6.5 5h11L20 13v6H4zM4 13h5l1.5 2.5h3L15 13h5"/>`,
		"globe":    `<path d="M4 6h10M9 4v2M6 6c.5 4 3.5 7 7 8M12 6c-.5 4-3.5 7-7 8M12 20l4-10 4 10M13.5 17h5"/>`,
		"dot":      `<circle cx="12" cy="12" r="3"/>`,
	}
}
