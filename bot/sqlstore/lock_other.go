//go:build !unix

package sqlstore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/deskbell/deskbell/bot"
)

// errInUse says that another process has the database.
var errInUse = errors.New("in use by another Deskbell process")

// fileLock keeps a second process off the database, by a file that exists while it is open.
type fileLock struct{ f *os.File }

// lockFile takes the lock beside the database; the error wraps errInUse when another process has it.
func lockFile(path string) (*fileLock, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("database %s is %w: stop that one first; if there is none, remove %s.lock: %w",
			path, errInUse, path, bot.ErrUnavailable)
	}
	if err != nil {
		return nil, fmt.Errorf("lock database %s: %w: %w", path, bot.ErrUnavailable, err)
	}
	return &fileLock{f}, nil
}

// release lets go.
func (l *fileLock) release() error {
	if l == nil {
		return nil
	}
	return errors.Join(l.f.Close(), os.Remove(l.f.Name()))
}
