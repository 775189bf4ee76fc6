package dataset

import (
	"fmt"
	"io"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
)

// digits is how many digits a decimal of 64 bits holds.
const digits = 18

// Parquet writes the table with exact decimals: whole numbers with a scale.
func (t *Table) Parquet(w io.Writer) error {
	fields := make([]reflect.StructField, len(t.Fields))
	for i, f := range t.Fields {
		fields[i] = f.parquet(i)
	}
	schema := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	out := parquet.NewGenericWriter[any](w, schema, parquet.CreatedBy("grulden", "", ""), parquet.Compression(&parquet.Snappy))
	rows := make([]parquet.Row, len(t.Rows))
	for n, row := range t.Rows {
		for i, f := range t.Fields {
			value, err := f.value(row[i], i)
			if err != nil {
				return fmt.Errorf("%s, row %d: %w", t.Name, n+1, err)
			}
			rows[n] = append(rows[n], value)
		}
	}
	if _, err := out.WriteRows(rows); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	return out.Close()
}

// parquet is the column: each may have no value.
func (f Field) parquet(i int) reflect.StructField {
	tag, of := f.Name+",optional", reflect.TypeFor[string]()
	switch f.Kind {
	case Text:
	case Count:
		of = reflect.TypeFor[int64]()
	case Number:
		of = reflect.TypeFor[int64]()
		tag += fmt.Sprintf(",decimal(%d:%d)", f.Decimals, digits)
	case Date:
		of = reflect.TypeFor[int32]()
		tag += ",date"
	}
	return reflect.StructField{Name: "F" + strconv.Itoa(i), Type: of, Tag: reflect.StructTag(`parquet:"` + tag + `"`)}
}

// value is a value of the column.
func (f Field) value(text string, column int) (v parquet.Value, err error) {
	if text == "" {
		return parquet.NullValue().Level(0, 0, column), nil
	}
	switch f.Kind {
	case Text:
		v = parquet.ByteArrayValue([]byte(text))
	case Date:
		day, err := time.Parse(time.DateOnly, text)
		if err != nil {
			return v, fmt.Errorf("%s: %w", f.Name, err)
		}
		v = parquet.Int32Value(int32(day.Unix() / 86400)) // days since 1970
	default:
		units, err := f.units(text)
		if err != nil {
			return v, err
		}
		v = parquet.Int64Value(units)
	}
	return v.Level(0, 1, column), nil
}

// units is a number in units of its last decimal.
func (f Field) units(text string) (int64, error) {
	number, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, fmt.Errorf("%s is no number: %q", f.Name, text)
	}
	ten := big.NewInt(10)
	number.Mul(number, new(big.Rat).SetInt(ten.Exp(ten, big.NewInt(int64(f.Decimals)), nil)))
	if !number.IsInt() || !number.Num().IsInt64() || number.Num().CmpAbs(big.NewInt(int64(math.Pow10(digits)))) >= 0 {
		return 0, fmt.Errorf("%s does not fit %d decimals: %q", f.Name, f.Decimals, text)
	}
	return number.Num().Int64(), nil
}
