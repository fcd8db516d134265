import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../../electron/gateway/parameters/parse-json.ts';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));
const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

describe('the body of a request', () => {
  it('may name a prototype in text, and a constructor as a plain property', () => {
    const body = { text: '__proto__ and "constructor"', properties: { constructor: { type: 'string' } } };
    expect(parse(JSON.stringify(body))).toEqual(body);
  });

  it.each([
    '{"__proto__":{"admin":true}}',
    '{"a":[{"b":{"__proto__":1}}]}',
    '{"\\u005f_proto__":1}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"c\\u006fnstructor":{"prototype":1}}',
  ])('may not poison a prototype: %s', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'gateway.invalid-json' }));
    expect(Reflect.get({}, 'admin')).toBeUndefined();
  });

  it('may be 64 levels deep, brackets in strings not counted', () => {
    expect(parse(nested(64))).toBeDefined();
    expect(parse(JSON.stringify({ text: `\\"${'['.repeat(1000)}` }))).toBeDefined();
    expect(() => parse(nested(65))).toThrow(/deeper than 64/u);
    expect(() => parse(nested(1_000_000))).toThrow(/deeper than 64/u);
  });

  it.each(['', '{', 'null', '[]', '"text"', '1', '{"a":1}x'])('must be one JSON object: %j', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'gateway.invalid-json' }));
  });

  it('must be valid UTF-8', () => {
    expect(() => parseJson(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(/UTF-8/u);
  });
});
