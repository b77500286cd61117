//go:build unix

package sqlstore

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/deskbell/deskbell/bot"
)

// errInUse says that another process has the database.
var errInUse = errors.New("in use by another Deskbell process")

// fileLock keeps a second process off the database. The kernel lets go of it when the process ends, however it ends.
type fileLock struct{ f *os.File }

// lockFile takes the lock beside the database; the error wraps errInUse when another process has it.
func lockFile(path string) (*fileLock, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database: %w: %w", bot.ErrUnavailable, err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("database %s is %w: stop that one first, or name another file: %w", path, errInUse, bot.ErrUnavailable)
		return nil, errors.Join(err, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock database %s: %w: %w", path, bot.ErrUnavailable, err), f.Close())
	}
	return &fileLock{f}, nil
}

// release lets go. The file stays: removing it would let two processes lock two files of that name.
func (l *fileLock) release() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}
