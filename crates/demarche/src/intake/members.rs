//! Gzip members one after the other, as archives have them, with a way on behind a broken one: a decoder swallows bytes
//! of the next member before it sees that the one at hand is broken, so what it took is kept until the member is over.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// How a member begins.
const BEGINS: [u8; 3] = [0x1f, 0x8b, 8];
/// So much of a member is kept to look through again; behind a larger one that is broken the next may be lost.
const KEPT: usize = 4 << 20;

/// The unpacked bytes of all members. A broken one is told once, as `InvalidData`; the next read goes on behind it.
pub(super) enum Members<R: BufRead> {
    Inside(Box<GzDecoder<Keeping<R>>>),
    Between(Keeping<R>),
    Over,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(from: R) -> Members<R> {
        Members::Between(Keeping { from, kept: Vec::new(), at: 0, whole: true })
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(self, Members::Over) {
                Members::Over => return Ok(0),
                Members::Between(mut from) => {
                    if !next(&mut from)? {
                        return Ok(0);
                    }
                    from.forget();
                    *self = Members::Inside(Box::new(GzDecoder::new(from)));
                }
                Members::Inside(mut member) => match member.read(buffer) {
                    Ok(0) => *self = Members::Between(member.into_inner()),
                    Ok(read) => {
                        *self = Members::Inside(member);
                        return Ok(read);
                    }
                    Err(error) => {
                        let mut from = member.into_inner();
                        from.again()?;
                        *self = Members::Between(from);
                        let broken = format!("a broken gzip member: {error}");
                        return Err(io::Error::new(io::ErrorKind::InvalidData, broken));
                    }
                },
            }
        }
    }
}

/// Goes to where a member begins, over whatever lies between; `false` at the end. A beginning that lies across two
/// buffers is missed where rubbish stands before it, which costs one more record of a damaged file.
fn next(from: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let known = buffer.len().min(BEGINS.len());
        if buffer[..known] == BEGINS[..known] {
            return Ok(true);
        }
        let used = (1..buffer.len()).find(|&at| buffer[at..].starts_with(&BEGINS)).unwrap_or(buffer.len());
        from.consume(used);
    }
}

/// A reader that can give the bytes again that were taken since [`Keeping::forget`].
pub(super) struct Keeping<R: BufRead> {
    from: R,
    kept: Vec<u8>,
    /// How much of what is kept was given.
    at: usize,
    /// Whether all that was taken is kept.
    whole: bool,
}

impl<R: BufRead> Keeping<R> {
    /// Lets go of what was given.
    fn forget(&mut self) {
        self.kept.drain(..self.at);
        self.at = 0;
        self.whole = true;
    }
    /// Goes back to the byte behind the first that was taken. What comes next is kept, too, so that a beginning which
    /// the decoder took in part is seen as a whole.
    fn again(&mut self) -> io::Result<()> {
        if self.whole {
            let next = self.from.fill_buf()?;
            let read = next.len();
            self.kept.extend_from_slice(next);
            self.from.consume(read);
            self.at = self.kept.len().min(1);
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Keeping<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Keeping<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.kept.len() { Ok(&self.kept[self.at..]) } else { self.from.fill_buf() }
    }

    fn consume(&mut self, used: usize) {
        if self.at < self.kept.len() {
            self.at += used;
            return;
        }
        if self.whole
            && self.kept.len() + used <= KEPT
            && let Ok(buffer) = self.from.fill_buf()
        {
            self.kept.extend_from_slice(&buffer[..used]);
            self.at = self.kept.len();
        } else {
            self.whole = false;
        }
        self.from.consume(used);
    }
}
