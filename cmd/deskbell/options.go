package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// option is one setting of the program. The flag is --name, the environment variable DESKBELL_NAME, the key in the file
// name_with_underscores. A secret can also come from the file named by DESKBELL_NAME_FILE.
type option struct {
	name     string
	fallback string
	secret   bool
	oneOf    []string
	isURL    bool
	help     string
}

// options is every setting: help, the README's table, the checks and `config print` come from it.
var options = []option{
	{name: "config", help: "a TOML file with options; keys are the names here with _ for -"},
	{name: "database", fallback: "deskbell.db", help: "path of the SQLite file (postgres://… is refused until it exists)"},
	{name: "listen", fallback: "127.0.0.1:8080", help: "address and port of the web server"},
	{name: "public-url", isURL: true, help: "how browsers and platforms reach the web server, e.g. https://support.example.com; https turns secure cookies on"},
	{name: "library", help: "folder of the library's files; empty: the OKPay library inside the program"},
	{name: "telegram-token", secret: true, help: "token of the Telegram bot, from @BotFather; empty: no Telegram"},
	{name: "telegram-api-url", fallback: "https://api.telegram.org", isURL: true, help: "base URL of the Bot API (self-hosted server, tests)"},
	{name: "telegram-mode", fallback: "poll", oneOf: []string{"poll", "webhook"}, help: "how updates arrive: poll, or webhook (needs public-url and telegram-secret)"},
	{name: "telegram-secret", secret: true, help: "secret token of the webhook: 16 to 256 of A-Z a-z 0-9 _ -"},
	{name: "slack-bot-token", secret: true, help: "Slack bot token, xoxb-…; empty: no Slack"},
	{name: "slack-app-token", secret: true, help: "Slack app-level token, xapp-…, for socket mode"},
	{name: "slack-signing-secret", secret: true, help: "Slack signing secret, for events mode"},
	{name: "slack-api-url", fallback: "https://slack.com/api/", isURL: true, help: "base URL of Slack's Web API (GovSlack, tests)"},
	{name: "slack-mode", fallback: "socket", oneOf: []string{"socket", "events"}, help: "how events arrive: socket (no public URL needed), or events"},
	{name: "webchat-origins", help: "sites that may embed the web chat, comma-separated, e.g. https://www.example.com; empty: any"},
	{name: "client-ip-header", help: "header in which your proxy puts the client's address, e.g. X-Forwarded-For; its last value counts. Empty: no proxy"},
	{name: "log-level", fallback: "info", oneOf: []string{"debug", "info", "warn", "error"}, help: "least level of log lines"},
	{name: "log-format", fallback: "text", oneOf: []string{"text", "json"}, help: "form of log lines on standard error"},
}

const envPrefix = "DESKBELL_"

func (o option) env() string {
	return envPrefix + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}
func (o option) key() string { return strings.ReplaceAll(o.name, "-", "_") }

func optionNamed(name string) (option, bool) {
	i := slices.IndexFunc(options, func(o option) bool { return o.name == name })
	if i < 0 {
		return option{}, false
	}
	return options[i], true
}

// setting is an option's value and where it came from.
type setting struct{ value, source string }

// config is the value of every option.
type config map[string]setting

func (c config) get(name string) string { return c[name].value }

// bindOptions adds the named options ("*": all) and --config to the flags and returns what was given, after parsing.
func bindOptions(fs *flag.FlagSet, names []string) func() map[string]string {
	for _, o := range options {
		if slices.Contains(names, "*") || slices.Contains(names, o.name) || (o.name == "config" && len(names) > 0) {
			fs.String(o.name, o.fallback, o.help+" ["+o.env()+"]")
		}
	}
	return func() map[string]string {
		given := map[string]string{}
		fs.Visit(func(f *flag.Flag) {
			if _, ok := optionNamed(f.Name); ok {
				given[f.Name] = f.Value.String()
			}
		})
		return given
	}
}

// loadConfig puts the sources together: defaults, then the file, then the environment, then flags.
func loadConfig(flags map[string]string, environ []string) (config, error) {
	env, err := readEnv(environ)
	if err != nil {
		return nil, err
	}
	c := config{}
	for _, o := range options {
		c[o.name] = setting{o.fallback, "default"}
	}
	path := flags["config"]
	if path == "" {
		path = env["config"].value
	}
	if path != "" {
		if err := c.readFile(path); err != nil {
			return nil, err
		}
	}
	for name, s := range env {
		c[name] = s
	}
	for name, v := range flags {
		c[name] = setting{v, "--" + name}
	}
	return c, c.check()
}

// readEnv takes DESKBELL_… variables. An unknown one is an error, because a misspelt secret would otherwise be ignored.
func readEnv(environ []string) (map[string]setting, error) {
	out := map[string]setting{}
	var names []string
	for _, o := range options {
		names = append(names, o.env())
	}
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, envPrefix) {
			continue
		}
		i := slices.Index(names, name)
		if i >= 0 {
			out[options[i].name] = setting{value, name}
			continue
		}
		i = slices.Index(names, strings.TrimSuffix(name, "_FILE"))
		if i < 0 || !options[i].secret {
			return nil, usagef("unknown environment variable %s%s; unset it or mend the name, `deskbell serve --help` lists all", name, didYouMean(name, names))
		}
		if _, ok := out[options[i].name]; ok || slices.ContainsFunc(environ, func(kv string) bool { return strings.HasPrefix(kv, names[i]+"=") }) {
			return nil, usagef("both %s and %s are set; keep one", names[i], name)
		}
		b, err := os.ReadFile(value)
		if err != nil {
			return nil, usagef("%s names a file that cannot be read: %v", name, pathless(err))
		}
		out[options[i].name] = setting{strings.TrimSpace(string(b)), name}
	}
	return out, nil
}

// pathless keeps the reason of a file error; the name stands in the message already or may be a secret given by mistake.
func pathless(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

func (c config) readFile(path string) error {
	var m map[string]any
	if _, err := toml.DecodeFile(path, &m); err != nil {
		return usagef("config file %s: %v", path, err)
	}
	var keys []string
	for _, o := range options {
		keys = append(keys, o.key())
	}
	for k, v := range m {
		i := slices.Index(keys, k)
		if i < 0 {
			return usagef("config file %s: unknown key %q%s", path, k, didYouMean(k, keys))
		}
		s, ok := v.(string)
		if !ok {
			return usagef("config file %s: %s must be a text in quotes", path, k)
		}
		c[options[i].name] = setting{s, path}
	}
	return nil
}

// check holds each value against its option.
func (c config) check() error {
	for _, o := range options {
		s := c[o.name]
		if s.value == "" {
			continue
		}
		if len(o.oneOf) > 0 && !slices.Contains(o.oneOf, s.value) {
			return usagef("%s (from %s) must be one of %s, not %q", o.name, s.source, strings.Join(o.oneOf, ", "), s.value)
		}
		if o.isURL {
			u, err := url.Parse(s.value)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
				return usagef("%s (from %s) must be a URL such as https://host, not %q", o.name, s.source, s.value)
			}
		}
	}
	return nil
}

// runConfigPrint shows what is set and by whom.
func runConfigPrint(_ context.Context, c call) error {
	for _, o := range options {
		s := c.config[o.name]
		v := s.value
		if o.secret && v != "" {
			v = "********"
		}
		fmt.Fprintf(c.stdout, "%-22s %-40q %s\n", o.name, v, s.source)
	}
	return nil
}

// runConfigTable prints the README's table of options.
func runConfigTable(_ context.Context, c call) error {
	fmt.Fprint(c.stdout, optionsTable())
	return nil
}

func optionsTable() string {
	var sb strings.Builder
	sb.WriteString("| option | environment | default | what |\n|---|---|---|---|\n")
	for _, o := range options {
		env := "`" + o.env() + "`"
		if o.secret {
			env += " or `" + o.env() + "_FILE`"
		}
		def := ""
		if o.fallback != "" {
			def = "`" + o.fallback + "`"
		}
		fmt.Fprintf(&sb, "| `--%s` | %s | %s | %s |\n", o.name, env, def, o.help)
	}
	return sb.String()
}
