import { describe, expect, it } from 'vitest';
import { jsonObjectGrammar, schemaGrammar } from '../../../../../electron/engine/host/grammar/json-schema.ts';
import { integerRange } from '../../../../../electron/engine/host/grammar/integer-range.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';

const refusal = (schema: Record<string, unknown>): string => {
  try {
    schemaGrammar(schema);
  } catch (error) {
    if (error instanceof AppError) return `${error.code} ${String(error.details?.keyword)}`;
  }
  return 'accepted';
};

/** The GBNF of a range as a regular expression: the same notation but for spaces and quotes. */
const asPattern = (gbnf: string): RegExp => new RegExp(`^${gbnf.replaceAll(/[" ]/g, '')}$`);

describe('a grammar from a JSON schema', () => {
  it('keeps the declared order and lets optional members out', () => {
    const grammar = schemaGrammar({
      type: 'object',
      properties: { name: { type: 'string' }, age: { type: 'integer' } },
      required: ['name'],
    });
    expect(grammar.split('\n')[0]).toBe('root ::= answer');
    expect(grammar).toContain('answer ::= "{" ws answer-from-0 ws "}"');
    expect(grammar).toContain('answer-from-0 ::= "\\"name\\"" ":" ws string answer-more-1');
    expect(grammar).toContain('answer-more-1 ::= ( "," ws "\\"age\\"" ":" ws integral | "" )');
  });

  it('writes enums and constants as they stand in JSON', () => {
    expect(schemaGrammar({ enum: ['a"b', 1, null] })).toContain('( "\\"a\\\\\\"b\\"" | "1" | "null" )');
    expect(schemaGrammar({ const: { a: 1 } })).toContain('"{\\"a\\":1}"');
  });

  it('follows references, to itself too', () => {
    const grammar = schemaGrammar({
      $ref: '#/$defs/node',
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        },
      },
    });
    expect(grammar).toContain('root ::= node');
    expect(grammar).toContain('( node | null )');
  });

  it.each([
    ['pattern', { type: 'string', pattern: '^a' }],
    ['not', { not: { type: 'string' } }],
    ['if', { if: {}, then: {} }],
    ['uniqueItems', { type: 'array', uniqueItems: true }],
    ['patternProperties', { type: 'object', patternProperties: {} }],
    ['minProperties', { type: 'object', minProperties: 1 }],
    ['multipleOf', { type: 'integer', multipleOf: 5 }],
    ['minimum', { type: 'number', minimum: 0.5 }],
    ['allOf', { allOf: [{ type: 'object' }, { type: 'object' }] }],
    ['$ref', { $ref: 'https://example.com/a.json' }],
    ['minLength', { $ref: '#/$defs/a', minLength: 3, $defs: { a: { type: 'string' } } }],
    ['type', { $ref: '#/$defs/a', type: 'integer', $defs: { a: { type: 'string' } } }],
    ['maxLength', { maxLength: 9, anyOf: [{ type: 'string', maxLength: 3 }, { type: 'null' }] }],
    ['additionalProperties', { additionalProperties: false, oneOf: [{ properties: { a: {} } }] }],
    ['format', { type: 'string', format: 'date', maxLength: 5 }],
    ['type', { type: 'colour' }],
  ])('refuses %s by its name', (keyword, schema) => {
    expect(refusal(schema)).toBe(`engine.bad-grammar ${keyword}`);
  });

  it('demands of each choice what stands around the choices', () => {
    const members = { properties: { a: { type: 'boolean' }, b: { type: 'null' } } };
    const around = { type: 'object', ...members, anyOf: [{ required: ['a'] }, { required: ['b'] }] };
    const grammar = schemaGrammar(around);
    expect(grammar).toContain('answer-0-from-0 ::= "\\"a\\"" ":" ws boolean answer-0-more-1');
    expect(grammar).toContain('"\\"b\\"" ":" ws null');
    expect(schemaGrammar({ type: 'integer', maximum: 5, allOf: [{ minimum: 5 }] })).toContain('"5"');
    const same = { $ref: '#/$defs/a', type: 'string', $defs: { a: { type: 'string' } } };
    expect(schemaGrammar(same)).toContain('root ::= a');
  });

  it.each([
    ['email', 'a.b@c.example', 'a@b'],
    ['hostname', 'a-b.example', '-a.example'],
    ['ipv4', '255.1.20.0', '256.1.1.1'],
    ['ipv6', '1:2:3:4:5:6:7:ab', '1:2'],
    ['duration', 'P1DT2H30M', 'P'],
    ['uuid', '01234567-89ab-cdef-0123-456789abcdef', '0123'],
    ['date', '2026-02-31', '2026-13-01'],
    ['time', '23:59:59Z', '24:00:00Z'],
  ])('holds a string to the format %s', (format, right, wrong) => {
    const [, body = ''] =
      /^answer ::= "\\"" (.*) "\\""$/mu.exec(schemaGrammar({ type: 'string', format })) ?? [];
    // a full stop in quotes stands for itself
    const pattern = asPattern(body.replaceAll('"."', '"[.]"'));
    expect([pattern.test(right), pattern.test(wrong)]).toEqual([true, false]);
  });

  it('ignores words that only describe', () => {
    expect(refusal({ type: 'string', title: 'T', description: 'D', default: 'x', format: 'email' })).toBe(
      'accepted',
    );
  });

  it('bounds strings and lists', () => {
    expect(schemaGrammar({ type: 'string', minLength: 2, maxLength: 5 })).toContain('"\\"" char{2,5} "\\""');
    expect(schemaGrammar({ type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 3 })).toContain(
      '"[" ws boolean ( "," ws boolean ){0,2} ws "]"',
    );
    expect(schemaGrammar({ type: 'array', maxItems: 0 })).toContain('"[" ws "]"');
  });

  it('takes any object where nothing more is asked', () => {
    expect(jsonObjectGrammar().split('\n')[0]).toBe('root ::= object');
    expect(schemaGrammar({ type: 'object' })).toContain('root ::= object');
  });
});

describe('a range of integers', () => {
  it.each([
    [0, 9],
    [1, 120],
    [7, 7],
    [-3, 5],
    [-120, -15],
    [99, 1001],
    [0, 0],
  ])('accepts exactly %i to %i', (min, max) => {
    const pattern = asPattern(integerRange(min, max));
    for (let value = min - 150; value <= max + 150; value += 1)
      expect([value, pattern.test(String(value))]).toEqual([value, value >= min && value <= max]);
    expect(pattern.test('007')).toBe(false);
  });

  it('is open where no bound is given', () => {
    expect(asPattern(integerRange(10, undefined)).test('123456')).toBe(true);
    expect(asPattern(integerRange(10, undefined)).test('9')).toBe(false);
    expect(asPattern(integerRange(undefined, 10)).test('-5000')).toBe(true);
    expect(asPattern(integerRange(undefined, 10)).test('11')).toBe(false);
  });
});
