import { isContractProcedure } from '@orpc/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract } from '../../../shared/contract/index.ts';
import { strictly } from '../../../shared/contract/strictly.ts';

const refusedBy = (schema: z.ZodType, value: unknown): readonly string[] =>
  (schema.safeParse(value).error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key].join('.')) : [],
  );

const limits = z.object({ rpm: z.number().nullable().default(null) });

describe('a strict schema', () => {
  it.each<[string, z.ZodType, unknown, readonly string[]]>([
    ['an object', limits, { rmp: 1 }, ['rmp']],
    ['a member', z.object({ limits }), { limits: { rmp: 1 } }, ['limits.rmp']],
    ['an optional member', z.object({ limits: limits.optional() }), { limits: { rmp: 1 } }, ['limits.rmp']],
    ['one with a default', limits.nullable().default({ rpm: 1 }), { rmp: 1 }, ['rmp']],
    ['an item', z.array(limits), [{}, { rmp: 1 }], ['1.rmp']],
    ['an entry of a record', z.record(z.string(), limits), { any: { rmp: 1 } }, ['any.rmp']],
    ['one behind a pipe', limits.transform((each) => each.rpm), { rmp: 1 }, ['rmp']],
    ['one with a check', limits.refine(() => true), { rmp: 1 }, ['rmp']],
    [
      'a case of a union',
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('a') }),
        limits.extend({ type: z.literal('b') }),
      ]),
      { type: 'b', rmp: 1 },
      ['rmp'],
    ],
  ])(
    'refuses an unknown member of %s, which the schema itself still drops',
    (_where, schema, value, names) => {
      expect(refusedBy(strictly(schema), value)).toEqual(names);
      expect(schema.safeParse(value).success).toBe(true);
    },
  );

  it('says which members there are', () => {
    expect(strictly(limits).safeParse({ rmp: 1 }).error?.issues[0]?.message).toBe('Unknown; there are: rpm');
  });

  it('reads what the schema reads, with a default of its own each time', () => {
    const schema = strictly(
      z.object({ names: z.array(limits).default([]), any: z.looseObject({}).optional() }),
    );
    const first = schema.parse({});
    const second = schema.parse({ any: { free: 1 } });

    expect([first, second]).toEqual([{ names: [] }, { names: [], any: { free: 1 } }]);
    expect(first.names).not.toBe(second.names);
  });

  it('keeps a check and what is said of the schema', () => {
    const schema = strictly(limits.refine(({ rpm }) => rpm !== 13, 'Not 13').describe('Rates'));

    expect(schema.safeParse({ rpm: 13 }).error?.issues[0]?.message).toBe('Not 13');
    expect(schema.description).toBe('Rates');
  });
});

const procedures = Object.entries(contract).flatMap(([area, named]) =>
  Object.entries(named).map(([name, procedure]): readonly [string, unknown] => [
    `${area}.${name}`,
    procedure,
  ]),
);

const inputOf = (procedure: unknown): z.ZodType => {
  const schema: unknown = isContractProcedure(procedure) ? procedure['~orpc'].inputSchema : undefined;
  if (!(schema instanceof z.ZodType)) throw new TypeError('It does not say what it is asked.');
  return schema;
};

/** Every object that a schema would read, with its place. */
const objectsIn = (part: unknown, place: string): readonly (readonly [string, z.ZodObject])[] => {
  if (Array.isArray(part)) return part.flatMap((each) => objectsIn(each, place));
  if (!(part instanceof z.ZodType)) return [];
  if (part instanceof z.ZodLazy)
    throw new TypeError(`${place}: what is found lazily cannot be looked through.`);
  if (!(part instanceof z.ZodObject))
    return Object.values(part.def).flatMap((each) => objectsIn(each, place));
  const members = Object.entries(part.shape).flatMap(([name, each]) => objectsIn(each, `${place}.${name}`));
  return [[place, part], ...members];
};

describe.each(procedures)('the input of %s', (name, procedure) => {
  it('refuses a member it does not know by its name', () => {
    expect(refusedBy(inputOf(procedure), { aMemberNobodyKnows: 1 })).toEqual(['aMemberNobodyKnows']);
  });

  it('drops no member of an object within it', () => {
    const objects = objectsIn(inputOf(procedure), name);
    const tolerant = objects.filter(([, { def }]) => def.catchall === undefined);

    expect(objects.length).toBeGreaterThan(0);
    expect(tolerant.map(([place]) => place)).toEqual([]);
  });
});
