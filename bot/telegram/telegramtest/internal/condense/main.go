// Command condense makes schema.json from the full description of the Bot API:
//
//	go run ./bot/telegram/telegramtest/internal/condense SPEC > bot/telegram/telegramtest/internal/schema/schema.json
//
// SPEC is api.json of github.com/PaulSonOfLars/telegram-bot-api-spec.
package main

import (
	"fmt"
	"os"

	"github.com/deskbell/deskbell/bot/telegram/telegramtest/internal/schema"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "condense:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: condense SPEC > schema.json")
	}
	full, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	out, err := schema.Condense(full, schema.Methods(), schema.Types())
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	_, err = os.Stdout.Write(out)
	return err
}
