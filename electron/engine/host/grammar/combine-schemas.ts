import { isSchema, refuse, type Schema } from './schema-terms.ts';

/**
 * Beside a reference nothing may be demanded but the type that it leads to.
 * @throws AppError `engine.bad-grammar`
 */
export const checkBesideRef = (rest: Schema, target: unknown): void => {
  const other = Object.keys(rest).find(
    (name) => name !== 'type' || !isSchema(target) || target['type'] !== rest['type'],
  );
  if (other !== undefined) refuse(`"${other}" beside "$ref" cannot be enforced.`, other);
};

/** True where one part limits the members that the other declares: together they would allow what each forbids. */
const closesOther = (one: Schema, other: Schema): boolean =>
  one['additionalProperties'] !== undefined && other['properties'] !== undefined;

/**
 * A choice with what the schema around it demands as well, both of which must hold.
 * @param rest what the schema demands beside `keyword`
 * @throws AppError `engine.bad-grammar` where one schema cannot say both
 */
export const joinSchemas = (rest: Schema, choice: unknown, keyword: string): unknown => {
  if (Object.keys(rest).length === 0) return choice;
  if (choice === true) return rest;
  if (!isSchema(choice)) return choice;
  const clash = Object.keys(rest).find(
    (name) => Object.hasOwn(choice, name) && JSON.stringify(choice[name]) !== JSON.stringify(rest[name]),
  );
  if (clash !== undefined || closesOther(rest, choice) || closesOther(choice, rest)) {
    const name = clash ?? 'additionalProperties';
    refuse(`"${name}" beside "${keyword}" cannot be enforced.`, name);
  }
  return { ...rest, ...choice };
};
