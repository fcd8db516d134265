import { resolve } from 'node:path';
import {
  sloSchema,
  type LoadShape,
  type LoadStartInput,
  type ShapeField,
  type Slo,
} from '../../shared/contract/load.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** `name=value`, the value with every `=` after the first. @throws AppError `app.bad-input` */
const readPair = (text: string, flag: string): readonly [string, string] => {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1)];
  throw new AppError('app.bad-input', `${flag} takes name=value, not “${text}”.`);
};

const readNumber = (text: string, name: string): number => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new AppError('app.bad-input', `${name} must be a number, not “${text}”.`, {
    hint: 'dyno load --shapes lists every parameter with its range.',
  });
};

const readValue = (field: ShapeField, text: string): unknown => {
  switch (field.kind) {
    case 'number':
      return readNumber(text, field.name);
    case 'list':
      return text.split(',').map((part) => readNumber(part, field.name));
    case 'flag':
      return text === 'true';
    case 'choice':
      return text;
    case 'text':
      return resolve(text); // the only texts are paths; a host may run in another folder
    default:
      return field.kind satisfies never;
  }
};

/** Parameters of a shape as typed. @throws AppError `app.bad-input` naming what the shape knows */
export const readParameters = (
  shape: LoadShape,
  pairs: readonly string[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    pairs.map((pair) => {
      const [name, text] = readPair(pair, '--param');
      const field = shape.fields.find((known) => known.name === name);
      if (field !== undefined) return [name, readValue(field, text)];
      throw new AppError('app.bad-input', `${shape.name} has no parameter “${name}”.`, {
        hint: `It has ${shape.fields.map((known) => known.name).join(', ')}.`,
      });
    }),
  );

export const readHeaders = (pairs: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(pairs.map((pair) => readPair(pair, '--header')));

const limitNames = { ttft: 'ttftMs', tpot: 'tpotMs', e2e: 'e2eMs' } as const;
const isLimit = (name: string): name is keyof typeof limitNames => name in limitNames;

/** `interactive`, or limits in ms: `ttft=500`, `tpot=50`, `e2e=10000`. @throws AppError `app.bad-input` */
export const readSlo = (texts: readonly string[]): Slo | undefined => {
  if (texts.length === 0) return undefined;
  const entries = texts.map((text): readonly [keyof Slo, string | number] => {
    if (!text.includes('=')) return ['name', text];
    const [name, value] = readPair(text, '--slo');
    if (isLimit(name)) return [limitNames[name], readNumber(value, name)];
    throw new AppError('app.bad-input', `A service level has no limit “${name}”.`, {
      hint: 'It has ttft, tpot and e2e, in ms.',
    });
  });
  return sloSchema.parse(Object.fromEntries(entries));
};

export const readPromptSource = (text: string): NonNullable<LoadStartInput['prompts']> =>
  text === 'corpus' || text === 'random' ? { type: text } : { type: 'file', path: resolve(text) };
