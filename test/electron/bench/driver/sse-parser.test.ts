import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSseParser, type SseEvent } from '../../../../electron/bench/driver/sse-parser.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => createSseParser().push(bytes(text));

/** Cuts bytes at the given places, modulo the length. */
const cut = (all: Uint8Array, places: readonly number[]): Uint8Array[] => {
  const edges = [0, ...places.map((place) => place % (all.length + 1)), all.length].sort((a, b) => a - b);
  return edges.slice(1).map((edge, index) => all.slice(edges[index], edge));
};

describe('the SSE parser', () => {
  it('dispatches an event at the empty line, whatever ends the lines', () => {
    const expected: SseEvent[] = [
      { type: 'message', data: 'one' },
      { type: 'message', data: 'two' },
    ];
    expect(parse('data: one\n\ndata: two\n\n')).toEqual(expected);
    expect(parse('data: one\r\n\r\ndata: two\r\n\r\n')).toEqual(expected);
    expect(parse('data: one\r\rdata: two\r\r')).toEqual(expected);
  });

  it('joins data lines, takes the name of the event and drops comments and unknown fields', () => {
    expect(parse(': keep-alive\nevent: delta\nid: 7\ndata: a\ndata:b\ndata:\n\n')).toEqual([
      { type: 'delta', data: 'a\nb\n' },
    ]);
  });

  it('removes exactly one space after the colon', () => {
    expect(parse('data:  x\n\n')).toEqual([{ type: 'message', data: ' x' }]);
  });

  it('does not dispatch an event without data or one that breaks off', () => {
    expect(parse('event: ping\n\ndata: half')).toEqual([]);
  });

  it('drops a byte order mark at the start', () => {
    expect(parse('\uFEFFdata: x\n\n')).toEqual([{ type: 'message', data: 'x' }]);
  });

  it('gives the same events wherever the bytes are cut', () => {
    const line = fc.oneof(
      fc.constantFrom('', 'data', 'event: e', ': c', 'data: [DONE]'),
      fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
    );
    const stream = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 30 })
      .map((lines) => lines.map(([text, end]) => text + end).join(''));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 40 }), (text, places) => {
        const whole = parse(text);
        const parser = createSseParser();
        const pieces = cut(bytes(text), places).flatMap((piece) => [...parser.push(piece)]);
        expect(pieces).toEqual(whole);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
