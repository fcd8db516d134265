import { z } from 'zod';
import type { LoadShape, ShapeField } from '../../../shared/contract/load.ts';
import { profiles } from '../profiles/list.ts';
import type { LoadProfile } from '../profiles/profile.ts';

const propertySchema = z.object({
  type: z.string().optional(),
  description: z.string().default(''),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  enum: z.array(z.string()).optional(),
});

const kindOf = ({ type, enum: choices }: z.infer<typeof propertySchema>): ShapeField['kind'] => {
  if (choices !== undefined) return 'choice';
  switch (type) {
    case 'array':
      return 'list';
    case 'boolean':
      return 'flag';
    case 'string':
      return 'text';
    default:
      return 'number';
  }
};

const fieldsOf = ({ schema, loadDefaults }: LoadProfile): readonly ShapeField[] => {
  const { properties } = z
    .object({ properties: z.record(z.string(), propertySchema) })
    .parse(z.toJSONSchema(schema, { io: 'input' }));
  return Object.entries(properties).map(([name, property]) => ({
    name,
    kind: kindOf(property),
    description: property.description,
    default: loadDefaults[name] ?? property.default ?? null,
    minimum: property.minimum ?? null,
    choices: property.enum ?? [],
  }));
};

/** Every shape with its parameters, read from its schema: for forms and for help. */
export const listShapes = (): readonly LoadShape[] =>
  profiles.map((profile) => ({
    name: profile.name,
    title: profile.title,
    description: profile.description,
    fields: [...fieldsOf(profile)],
  }));
