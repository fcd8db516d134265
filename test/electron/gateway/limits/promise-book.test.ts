import { describe, expect, it } from 'vitest';
import { createPromiseBook } from '../../../../electron/gateway/limits/promise-book.ts';

const open = () => {
  let ms = 5000;
  const book = createPromiseBook({ monotonicMs: () => ms });
  return { book, pass: (by: number) => void (ms += by) };
};
const asked = { keyId: 'a', request: 'one' };
const told = { waitMs: 4000, places: 1, bytes: 100 };

describe('a promise', () => {
  it('lets the same request of the same key in once, when it is due, and tells when that was refused', () => {
    const { book, pass } = open();
    book.make(asked, told);
    pass(3900);
    expect(book.take(asked)).toBeUndefined();
    pass(100);
    expect([
      book.take({ ...asked, keyId: 'b' }),
      book.take({ ...asked, request: 'two' }),
      book.take(asked)?.refusedAtMs,
      book.take(asked),
    ]).toEqual([undefined, undefined, 5000, undefined]);
  });

  it('is as many as there were refusals of the same request', () => {
    const { book, pass } = open();
    book.make(asked, told);
    book.make(asked, { ...told, waitMs: 5000 });
    pass(5000);
    expect([book.take(asked), book.take(asked), book.take(asked)].map((each) => each !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it.each([
    [4000, 10_000],
    [30_000, 30_000],
  ])('of %i ms waits %i ms for who is late, then it is forgotten', (waitMs, graceMs) => {
    const { book, pass } = open();
    book.make(asked, { ...told, waitMs });
    book.make(asked, { ...told, waitMs });
    pass(waitMs + graceMs);
    expect(book.take(asked)).toBeDefined();
    pass(1);
    expect(book.take(asked)).toBeUndefined();
  });

  it('is not made for more than an hour, nor where so many places or bytes are promised', () => {
    const { book } = open();
    expect(book.make(asked, { ...told, waitMs: 3_600_001 })).toBe(false);
    expect(book.make(asked, { ...told, places: 129 })).toBe(false);
    expect(book.make(asked, { ...told, bytes: 16 * 1_048_576 + 1 })).toBe(false);
    expect(book.make(asked, { ...told, places: 128 })).toBe(true);
  });

  it('of a key that hoards them runs out, those that are being kept included, and leaves others theirs', () => {
    const { book, pass } = open();
    let made = 0;
    while (book.make(asked, told)) made += 1;
    pass(4000);
    const kept = Array.from({ length: made }, () => book.take(asked));
    expect([made, book.make(asked, told), book.make({ ...asked, keyId: 'b' }, told)]).toEqual([
      128,
      false,
      true,
    ]);
    pass(1_000_000);
    expect(book.make(asked, told)).toBe(false);
    kept[0]?.[Symbol.dispose]();
    expect([book.make(asked, told), book.make(asked, told)]).toEqual([true, false]);
  });

  it('is of 64 MiB together, so that large requests that wait do not fill the memory', () => {
    const { book } = open();
    let made = 0;
    while (book.make({ keyId: String(made), request: 'x' }, { ...told, bytes: 4 * 1_048_576 })) made += 1;
    expect(made).toBe(16);
  });

  it('is one of 1,024 of all keys, until those that nobody came back for are over', () => {
    const { book, pass } = open();
    let made = 0;
    while (book.make({ keyId: String(made % 20), request: 'x' }, told)) made += 1;
    pass(14_001);
    expect([made, book.make(asked, told)]).toEqual([1024, true]);
  });
});
