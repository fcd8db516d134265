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
    ['type', { type: 'colour' }],
  ])('refuses %s by its name', (keyword, schema) => {
    expect(refusal(schema)).toBe(`engine.bad-grammar ${keyword}`);
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
