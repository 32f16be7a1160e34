//! Converts enumerations and unions.

use super::{Invalid, Rows};

const UNKNOWN_VALUE: Invalid = "number of an unknown value";

impl Rows<'_> {
    pub(super) fn open_enum(&mut self) -> Result<(), Invalid> {
        let (known, number) = (self.decimal()?, self.number()?);
        if (1..=known).contains(&number) {
            self.json.number(number.into());
        } else if number == known + 1 {
            self.json.text(self.stream.text()?);
        } else {
            return Err(UNKNOWN_VALUE);
        }
        Ok(())
    }

    pub(super) fn closed_enum(&mut self) -> Result<(), Invalid> {
        let (known, number) = (self.decimal()?, self.number()?);
        if !(1..=known).contains(&number) {
            return Err(UNKNOWN_VALUE);
        }
        self.json.number(number.into());
        Ok(())
    }

    pub(super) fn union(&mut self) -> Result<(), Invalid> {
        let number = self.number()?;
        if number == 0 {
            return Err(UNKNOWN_VALUE);
        }
        for _ in 1..number {
            self.skip_variant()?;
        }
        let end = self.variant_end()?;
        if self.next()? != b'(' {
            return Err("a variant of the shape is not a record");
        }
        self.json.open(b'[');
        self.json.number(number.into());
        self.json.comma();
        self.fields()?;
        if self.at != end {
            return Err("invalid length of a variant in the shape");
        }
        self.skip_variants()
    }

    /// Skips the shapes of the remaining variants, and the end of the union.
    pub(super) fn skip_variants(&mut self) -> Result<(), Invalid> {
        while !self.is_at(b';') {
            self.skip_variant()?;
        }
        self.at += 1;
        Ok(())
    }

    fn skip_variant(&mut self) -> Result<(), Invalid> {
        self.at = self.variant_end()?;
        Ok(())
    }

    /// Reads the length of a variant, and returns the position in the shape at which the variant ends.
    fn variant_end(&mut self) -> Result<usize, Invalid> {
        if self.is_at(b';') {
            return Err(UNKNOWN_VALUE);
        }
        Ok(self.decimal()? as usize + self.at)
    }

    /// Reads the number of a value or variant.
    fn number(&mut self) -> Result<u32, Invalid> {
        u32::try_from(self.stream.i32()?).map_err(|_| UNKNOWN_VALUE)
    }

    /// Reads a number in the shape: digits, then a full stop.
    pub(super) fn decimal(&mut self) -> Result<u32, Invalid> {
        let mut number = 0;
        loop {
            match self.next()? {
                digit @ b'0'..=b'9' if number < 10_000 => number = number * 10 + u32::from(digit - b'0'),
                b'.' => return Ok(number),
                _ => return Err("invalid number in the shape"),
            }
        }
    }
}
