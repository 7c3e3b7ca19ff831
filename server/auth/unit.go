package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/undercity/undercity/twin"
)

// Unit is an organisation that users belong to.
type Unit struct {
	Code  string // what policies and users name it by
	Name  string
	Kind  string // one of UnitKinds
	Phone string
	Users int // how many belong to it, in lists
}

// UnitKinds lists what a unit can be: who owns networks, who runs them, who digs, who watches over it, and others.
func UnitKinds() []string { return []string{"owner", "operator", "contractor", "authority", "other"} }

var (
	unitCode  = regexp.MustCompile(`^[\p{L}\p{N}._-]{1,40}$`)
	unitPhone = regexp.MustCompile(`^[0-9+*#() /.,;-]{0,60}$`)
)

func (u Unit) check() error {
	if !unitCode.MatchString(u.Code) {
		return invalid("/code", "%.40q cannot be a unit's code", u.Code).WithHint("use up to 40 letters, digits, . _ -")
	}
	if u.Name == "" {
		return invalid("/name", "a unit needs a name")
	}
	if err := label("/name", "name of the unit", u.Name, 120); err != nil {
		return err
	}
	if !slices.Contains(UnitKinds(), u.Kind) {
		return invalid("/kind", "%.40q is not a kind of unit", u.Kind).WithHint("choose one of %v", UnitKinds())
	}
	if !unitPhone.MatchString(u.Phone) {
		return invalid("/phone", "%.60q is not a phone number", u.Phone)
	}
	return nil
}

// AddUnit makes a unit. It fails with Conflict when the code is taken.
func (o *Office) AddUnit(ctx context.Context, u Unit) error {
	if err := u.check(); err != nil {
		return err
	}
	res, err := o.sql.ExecContext(ctx, "insert into unit (code, name, kind, phone, created) values ($1, $2, $3, $4, $5) on conflict do nothing", u.Code, u.Name, u.Kind, u.Phone, o.now().UnixMilli())
	if err != nil {
		return fmt.Errorf("unit: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(twin.Errorf(twin.Conflict, "there is a unit %s already", u.Code), err)
	}
	return nil
}

// SetUnit changes the name, kind and phone of a unit.
func (o *Office) SetUnit(ctx context.Context, u Unit) error {
	if err := u.check(); err != nil {
		return err
	}
	return o.shut(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "update unit set name = $1, kind = $2, phone = $3 where code = $4", u.Name, u.Kind, u.Phone, u.Code)
		return oneUnit(res, err, u.Code)
	})
}

func oneUnit(res sql.Result, err error, code string) error {
	if err != nil {
		return fmt.Errorf("unit: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(twin.Errorf(twin.NotFound, "there is no unit %.40s", code), err)
	}
	return nil
}

// RemoveUnit removes a unit that nobody belongs to.
func (o *Office) RemoveUnit(ctx context.Context, code string) error {
	return o.shut(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "select count(*) from user where unit = $1", code).Scan(&n); err != nil {
			return fmt.Errorf("unit: %w", err)
		}
		if n > 0 {
			return twin.Errorf(twin.Conflict, "%d users belong to the unit %s", n, code).WithHint("move them to another one first")
		}
		res, err := tx.ExecContext(ctx, "delete from unit where code = $1", code)
		return oneUnit(res, err, code)
	})
}

const unitQuery = "select code, name, kind, phone, (select count(*) from user where unit = code) from unit"

// Units lists every unit by code.
func (o *Office) Units(ctx context.Context) (list []Unit, err error) {
	rows, err := o.sql.QueryContext(ctx, unitQuery+" order by code")
	if err != nil {
		return nil, fmt.Errorf("units: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var u Unit
		if err := rows.Scan(&u.Code, &u.Name, &u.Kind, &u.Phone, &u.Users); err != nil {
			return nil, fmt.Errorf("units: %w", err)
		}
		list = append(list, u)
	}
	return list, rows.Err()
}

// UnitOf returns one unit.
func (o *Office) UnitOf(ctx context.Context, code string) (u Unit, err error) {
	err = o.sql.QueryRowContext(ctx, unitQuery+" where code = $1", code).Scan(&u.Code, &u.Name, &u.Kind, &u.Phone, &u.Users)
	if errors.Is(err, sql.ErrNoRows) {
		return Unit{}, twin.Errorf(twin.NotFound, "there is no unit %.40s", code)
	}
	return u, err
}
