import type { ShapeField } from '../../../../shared/contract/load.ts';

/** What stands in the fields of a shape, as typed. */
export type FieldTexts = Readonly<Record<string, string>>;

/** A default as a user would type it. */
export const defaultText = (field: ShapeField): string => {
  const { default: value } = field;
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.map(String).join(', ') : JSON.stringify(value).replaceAll('"', '');
};

type Read = { readonly value: unknown } | { readonly problem: string };

const readNumber = (text: string, minimum: number | null): Read => {
  const value = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) return { problem: 'A number' };
  return minimum !== null && value < minimum ? { problem: `At least ${minimum}` } : { value };
};

const readOne = (field: ShapeField, text: string): Read => {
  switch (field.kind) {
    case 'number':
      return readNumber(text, field.minimum);
    case 'list': {
      const parts = text.split(',').map((part) => readNumber(part, null));
      const problem = parts.find((part) => 'problem' in part);
      return problem === undefined
        ? { value: parts.flatMap((part) => ('value' in part ? [part.value] : [])) }
        : { problem: 'Numbers, separated by commas' };
    }
    case 'flag':
      return { value: text === 'true' };
    case 'choice':
    case 'text':
      return text === '' ? { problem: 'Needed' } : { value: text };
    default:
      return field.kind satisfies never;
  }
};

/** Parameters of a shape from its fields; what was not touched is left to the default. */
export const readFields = (
  fields: readonly ShapeField[],
  texts: FieldTexts,
): {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly problems: Readonly<Record<string, string>>;
} => {
  const read = fields.flatMap((field): readonly (readonly [string, Read])[] => {
    const text = texts[field.name];
    const isNeeded = field.default === null;
    return text === undefined && !isNeeded ? [] : [[field.name, readOne(field, text ?? '')]];
  });
  return {
    parameters: Object.fromEntries(
      read.flatMap(([name, one]) => ('value' in one ? [[name, one.value]] : [])),
    ),
    problems: Object.fromEntries(
      read.flatMap(([name, one]) => ('problem' in one ? [[name, one.problem]] : [])),
    ),
  };
};
