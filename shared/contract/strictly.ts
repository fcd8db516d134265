import { z } from 'zod';

const nothingElse = z.never();

/** The same part of a schema, every object within it strict; the part itself where it holds none. */
const tighten = (part: unknown): unknown => {
  if (part instanceof z.ZodType) return strictly(part);
  if (!Array.isArray(part)) return part;
  const parts: readonly unknown[] = part;
  const strict = parts.map(tighten);
  return strict.some((each, index) => each !== parts[index]) ? strict : part;
};

/** Who asks for `rpm` is told what it is called here. */
const tellMembers = (names: readonly string[]): z.core.$ZodErrorMap => {
  const known = names.length === 0 ? 'nothing is asked here' : `there are: ${names.join(', ')}`;
  return ({ code }) => (code === 'unrecognized_keys' ? `Unknown; ${known}` : undefined);
};

const tightenObject = ({
  shape,
  catchall,
  error,
}: z.ZodObject['def']): Readonly<Record<string, unknown>> => ({
  shape: Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, tighten(member)])),
  catchall: catchall ?? nothingElse,
  error: error ?? tellMembers(Object.keys(shape)),
});

/** Whatever holds other schemas (optional, default, array, record, union, …) names them in its definition. */
const tightenOther = (definition: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(definition)
      .map(([name, part]: [string, unknown]) => ({ name, part, strict: tighten(part) }))
      .filter(({ part, strict }) => strict !== part)
      .map(({ name, strict }) => [name, strict]),
  );

/**
 * A schema that differs in one thing: it refuses a member that an object does not know, at any depth, where the given one
 * drops it silently. The given schema stays as it is, so answers and stored things can be read by it as tolerantly as
 * before. Records stay free, and objects that say themselves what becomes of other members.
 */
export const strictly = <Schema extends z.ZodType>(schema: Schema): Schema => {
  const changes = schema instanceof z.ZodObject ? tightenObject(schema.def) : tightenOther(schema.def);
  if (Object.keys(changes).length === 0) return schema;
  const definition = Object.defineProperties(
    { ...schema.def },
    // as descriptors, for a default is a getter that gives each caller a value of its own
    { ...Object.getOwnPropertyDescriptors(schema.def), ...Object.getOwnPropertyDescriptors(changes) },
  );
  return schema.clone(definition, { parent: true }); // of one parent: what is said about the schema stays with it
};
