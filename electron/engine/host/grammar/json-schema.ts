import { checkBesideRef, joinSchemas } from './combine-schemas.ts';
import { createGbnfRules, jsonLiteral, type GbnfRules } from './gbnf-rules.ts';
import { integerRange } from './integer-range.ts';
import { isSchema, refuse, type Schema } from './schema-terms.ts';
import { stringFormats } from './string-formats.ts';

/** Words that describe and do not constrain. */
const annotations = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  'nullable',
  'strict',
  'format', // an annotation by the specification; those of string-formats.ts are enforced all the same
  'discriminator', // OpenAPI's, beside a oneOf that says the same
]);

/** Constraints this translation knows, by the types they apply to. */
const known = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'prefixItems',
  'minItems',
  'maxItems',
  'enum',
  'const',
  'oneOf',
  'anyOf',
  'allOf',
  '$ref',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
]);

interface Translation {
  readonly rules: GbnfRules;
  readonly root: Schema;
  /** Rules of `$ref`s that are made or being made. */
  readonly refs: Map<string, string>;
}

const asCount = (value: unknown, keyword: string): number | undefined => {
  if (value === undefined) return undefined;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? value
    : refuse(`"${keyword}" must be a whole number of at least 0.`, keyword);
};

/** `{min,max}` of a repetition. */
const bounds = (min: number, max: number | undefined): string =>
  max === undefined ? `{${min},}` : `{${min},${max}}`;

const stringBody = (schema: Schema): string => {
  const pattern = typeof schema['format'] === 'string' ? stringFormats[schema['format']] : undefined;
  const min = asCount(schema['minLength'], 'minLength');
  const max = asCount(schema['maxLength'], 'maxLength');
  if (min !== undefined && max !== undefined && max < min)
    return refuse('"maxLength" is below "minLength".', 'maxLength');
  if (pattern !== undefined)
    return min === undefined && max === undefined
      ? `"\\"" ${pattern} "\\""`
      : refuse('A length beside a "format" cannot be enforced.', 'format');
  return min === undefined && max === undefined ? 'string' : `"\\"" char${bounds(min ?? 0, max)} "\\""`;
};

const numberBound = (
  schema: Schema,
  keyword: string,
  exclusive: string,
  step: 1 | -1,
): number | undefined => {
  const inclusiveBound = schema[keyword];
  const exclusiveBound = schema[exclusive];
  const round = step === 1 ? Math.ceil : Math.floor;
  const candidates = [
    ...(typeof inclusiveBound === 'number' ? [round(inclusiveBound)] : []),
    ...(typeof exclusiveBound === 'number'
      ? [Number.isInteger(exclusiveBound) ? exclusiveBound + step : round(exclusiveBound)]
      : []),
  ];
  if (candidates.length === 0) return undefined;
  return step === 1 ? Math.max(...candidates) : Math.min(...candidates);
};

const numericKeywords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;

const numberBody = (schema: Schema): string => {
  for (const keyword of numericKeywords)
    if (schema[keyword] !== undefined) refuse(`"${keyword}" can be enforced for integers only.`, keyword);
  return 'number';
};

const integerBody = (schema: Schema): string => {
  const min = numberBound(schema, 'minimum', 'exclusiveMinimum', 1);
  const max = numberBound(schema, 'maximum', 'exclusiveMaximum', -1);
  if (min === undefined && max === undefined) return 'integral';
  if (min !== undefined && max !== undefined && min > max)
    return refuse('"minimum" is above "maximum".', 'minimum');
  return integerRange(min, max);
};

const arrayBody = (schema: Schema, name: string, translation: Translation): string => {
  const { prefixItems, items } = schema;
  const min = asCount(schema['minItems'], 'minItems') ?? 0;
  const max = asCount(schema['maxItems'], 'maxItems');
  const first = Array.isArray(prefixItems)
    ? prefixItems.map((item: unknown, index) => translate(item, `${name}-${index}`, translation))
    : [];
  if (max !== undefined && max < Math.max(min, first.length))
    return refuse('"maxItems" is below the items that must be there.', 'maxItems');
  const isClosed = items === false;
  const item = isClosed ? 'value' : translate(items ?? true, `${name}-item`, translation);
  const moreMin = Math.max(0, min - first.length);
  const moreMax = isClosed ? 0 : max === undefined ? undefined : max - first.length;
  if (first.length > 0) {
    const more = moreMax === 0 ? '' : ` ( "," ws ${item} )${bounds(moreMin, moreMax)}`;
    return `"[" ws ${first.join(' "," ws ')}${more} ws "]"`;
  }
  if (moreMax === 0) return '"[" ws "]"';
  const list = `${item} ( "," ws ${item} )${bounds(Math.max(0, moreMin - 1), moreMax === undefined ? undefined : moreMax - 1)}`;
  return moreMin === 0 ? `"[" ws ( ${list} )? ws "]"` : `"[" ws ${list} ws "]"`;
};

const objectBody = (schema: Schema, name: string, translation: Translation): string => {
  const { rules } = translation;
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const requiredNames = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const extra = schema['additionalProperties'];
  const undeclared = requiredNames.filter((key) => !Object.hasOwn(properties, key));
  const members = [
    ...Object.entries(properties),
    ...undeclared.map((key): [string, unknown] => [key, extra === false ? true : (extra ?? true)]),
  ].map(([key, value]) => ({
    rule: `${jsonLiteral(key)} ":" ws ${translate(value, `${name}-${key}`, translation)}`,
    isRequired: requiredNames.includes(key),
  }));
  if (members.length === 0) {
    if (extra === false) return '"{" ws "}"';
    if (extra === undefined || extra === true) return 'object';
    const value = translate(extra, `${name}-value`, translation);
    return `"{" ws ( string ":" ws ${value} ( "," ws string ":" ws ${value} )* )? ws "}"`;
  }
  // from the last member back: what may follow when something, or nothing, stands before it
  let afterSome = '';
  let afterNone = '';
  for (const [index, { rule, isRequired }] of [...members.entries()].reverse()) {
    const some = `"," ws ${rule}${afterSome}`;
    const none = `${rule}${afterSome}`;
    const nextSome = isRequired ? some : `( ${some} | ${afterSome.trim() || '""'} )`;
    const nextNone = isRequired ? none : `( ${none} | ${afterNone.trim() || '""'} )`;
    afterSome = ` ${rules.add(`${name}-more-${index}`, nextSome)}`;
    afterNone = ` ${rules.add(`${name}-from-${index}`, nextNone)}`;
  }
  return `"{" ws${afterNone} ws "}"`;
};

const typeBody = (type: unknown, schema: Schema, name: string, translation: Translation): string => {
  switch (type) {
    case 'string':
      return stringBody(schema);
    case 'integer':
      return integerBody(schema);
    case 'number':
      return numberBody(schema);
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return arrayBody(schema, name, translation);
    case 'object':
      return objectBody(schema, name, translation);
    default:
      return refuse(`"type": ${JSON.stringify(type)} is no JSON type.`, 'type');
  }
};

const resolveRef = (ref: unknown, { root }: Translation): unknown => {
  if (typeof ref !== 'string' || !ref.startsWith('#'))
    return refuse(`"$ref" to ${String(ref)} is not local.`, '$ref');
  let found: unknown = root;
  for (const part of ref.slice(1).split('/').filter(Boolean)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  }
  return found ?? refuse(`"$ref" to ${ref} leads nowhere.`, '$ref');
};

const refRule = (schema: Schema, translation: Translation): string => {
  const key = String(schema['$ref']);
  const target = resolveRef(schema['$ref'], translation);
  checkBesideRef(besides(schema, '$ref'), target);
  const made = translation.refs.get(key);
  if (made !== undefined) return made;
  const name = translation.rules.reserve(key.split('/').at(-1) ?? 'ref');
  translation.refs.set(key, name); // before its body: a schema may refer to itself
  translation.rules.define(name, translate(target, `${name}-body`, translation));
  return name;
};

/** What a schema demands beside the keyword that is translated in its place. */
const besides = (schema: Schema, keyword: string): Schema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => known.has(name) && name !== keyword));

const impliedType = (schema: Schema): string | undefined => {
  if (['properties', 'required', 'additionalProperties'].some((key) => schema[key] !== undefined))
    return 'object';
  if (['items', 'prefixItems', 'minItems', 'maxItems'].some((key) => schema[key] !== undefined))
    return 'array';
  if (['minLength', 'maxLength'].some((key) => schema[key] !== undefined)) return 'string';
  return numericKeywords.some((key) => schema[key] !== undefined) ? 'integer' : undefined;
};

const choices = (values: readonly unknown[], name: string, translation: Translation): string =>
  values.length === 0
    ? refuse('A list of choices is empty.', 'anyOf')
    : `( ${values.map((value, index) => translate(value, `${name}-${index}`, translation)).join(' | ')} )`;

const schemaBody = (schema: Schema, name: string, translation: Translation): string => {
  for (const keyword of Object.keys(schema))
    if (!known.has(keyword) && !annotations.has(keyword))
      refuse(`The schema keyword "${keyword}" cannot be enforced.`, keyword);
  const { type, allOf } = schema;
  if (schema['$ref'] !== undefined) return refRule(schema, translation);
  if ('const' in schema) return jsonLiteral(schema['const']);
  if (Array.isArray(schema['enum'])) {
    if (schema['enum'].length === 0) refuse('"enum" is empty.', 'enum');
    return `( ${schema['enum'].map(jsonLiteral).join(' | ')} )`;
  }
  for (const keyword of ['anyOf', 'oneOf']) {
    const alternatives = schema[keyword];
    if (!Array.isArray(alternatives)) continue;
    const whole = alternatives.map((choice: unknown) =>
      joinSchemas(besides(schema, keyword), choice, keyword),
    );
    return choices(whole, name, translation);
  }
  if (Array.isArray(allOf))
    return allOf.length === 1
      ? translate(joinSchemas(besides(schema, 'allOf'), allOf[0], 'allOf'), name, translation)
      : refuse('"allOf" of several schemas cannot be enforced.', 'allOf');
  if (Array.isArray(type))
    return `( ${type.map((one: unknown) => typeBody(one, schema, name, translation)).join(' | ')} )`;
  const single = type ?? impliedType(schema);
  return single === undefined ? 'value' : typeBody(single, schema, name, translation);
};

/** Name of the rule for `schema`. */
const translate = (schema: unknown, name: string, translation: Translation): string => {
  if (schema === true) return 'value';
  if (!isSchema(schema))
    return refuse(`A schema must be an object, not ${JSON.stringify(schema)}.`, 'schema');
  const body = schemaBody(schema, name, translation);
  return /^[a-z][\w-]*$/i.test(body) ? body : translation.rules.add(name, body);
};

/**
 * GBNF of the JSON texts that satisfy `schema` (JSON Schema 2020-12, the part a grammar can hold). Objects keep the
 * declared order of their properties and get no others: a subset of what the schema allows, and always valid.
 * @throws AppError `engine.bad-grammar` naming the keyword that cannot be enforced
 */
export const schemaGrammar = (schema: Schema): string => {
  const rules = createGbnfRules();
  return rules.toText(translate(schema, 'answer', { rules, root: schema, refs: new Map() }));
};

/** Adds a schema's rules to a larger grammar; gives the rule's name. */
export const addSchema = (schema: Schema, name: string, rules: GbnfRules): string =>
  translate(schema, name, { rules, root: schema, refs: new Map() });

/** GBNF of any JSON object. */
export const jsonObjectGrammar = (): string => createGbnfRules().toText('object');
