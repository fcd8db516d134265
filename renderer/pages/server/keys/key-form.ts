import {
  DEFAULT_PROJECT,
  DEFAULT_TENANT,
  keyCreateInputSchema,
  keyUpdateInputSchema,
  type ApiKey,
  type KeyCreateInput,
  type KeyUpdateInput,
} from '../../../../shared/contract/keys.ts';
import { noLimits } from '../../../../shared/contract/limits.ts';
import { readForm, type FormRead } from '../../../transport/field-problems.ts';
import { limitProblems, readLimits, writeLimits, type LimitTexts } from '../access/limit-texts.ts';

const DAY_MS = 86_400_000;

/** A key as the form holds it: numbers as they were typed, times in days. */
export interface KeyForm {
  readonly name: string;
  readonly role: string;
  /** Empty: all of the role. */
  readonly scopes: readonly string[];
  readonly tier: string;
  readonly tenantId: string;
  readonly projectId: string;
  /** Empty: every model. */
  readonly models: readonly string[];
  readonly limits: LimitTexts;
  readonly modelLimits: Readonly<Record<string, LimitTexts>>;
  readonly expiresDays: string;
  readonly maxAgeDays: string;
  readonly maxIdleDays: string;
  readonly isAutomatic: boolean;
}

export const emptyKeyForm: KeyForm = {
  name: '',
  role: 'developer',
  scopes: [],
  tier: 'interactive',
  tenantId: DEFAULT_TENANT,
  projectId: DEFAULT_PROJECT,
  models: [],
  limits: writeLimits(noLimits),
  modelLimits: {},
  expiresDays: '',
  maxAgeDays: '',
  maxIdleDays: '',
  isAutomatic: false,
};

const days = (ms: number | null): string => (ms === null ? '' : String(ms / DAY_MS));

export const keyFormOf = (key: ApiKey): KeyForm => ({
  ...emptyKeyForm,
  name: key.name,
  role: key.role,
  scopes: key.scopes ?? [],
  tier: key.tier,
  tenantId: key.tenantId,
  projectId: key.projectId,
  models: key.models ?? [],
  limits: writeLimits(key.limits),
  modelLimits: Object.fromEntries(
    Object.entries(key.modelLimits).map(([model, limits]) => [model, writeLimits(limits)]),
  ),
  maxAgeDays: days(key.rotation.maxAgeMs),
  maxIdleDays: days(key.rotation.maxIdleMs),
  isAutomatic: key.rotation.isAutomatic,
});

/** Days as typed, in milliseconds; `undefined` for what is no time. */
const readDays = (text: string): number | null | undefined => {
  if (text.trim() === '') return null;
  const ms = Math.round(Number(text) * DAY_MS);
  return Number.isFinite(ms) && ms >= 1000 ? ms : undefined;
};

const BAD_DAYS = 'A number of days, or nothing';

const dayProblems = (form: KeyForm): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (['expiresDays', 'maxAgeDays', 'maxIdleDays'] as const)
      .filter((name) => readDays(form[name]) === undefined)
      .map((name) => [name, BAD_DAYS]),
  );

const allModelLimits = (form: KeyForm) =>
  Object.fromEntries(
    Object.entries(form.modelLimits).map(([model, texts]) => [model, readLimits(texts) ?? noLimits]),
  );

const hasBadLimits = (form: KeyForm): boolean =>
  [form.limits, ...Object.values(form.modelLimits)].some(
    (texts) => Object.keys(limitProblems(texts)).length > 0,
  );

/** What may be set of a new key and of one that exists. */
const common = (form: KeyForm) => ({
  name: form.name,
  tier: form.tier,
  models: form.models.length === 0 ? null : [...form.models],
  limits: readLimits(form.limits) ?? noLimits,
  modelLimits: allModelLimits(form),
  rotation: {
    maxAgeMs: readDays(form.maxAgeDays) ?? null,
    maxIdleMs: readDays(form.maxIdleDays) ?? null,
    isAutomatic: form.isAutomatic && form.maxAgeDays.trim() !== '',
  },
});

const ownProblems = (form: KeyForm): Readonly<Record<string, string>> => ({
  ...dayProblems(form),
  // its own fields say what is wrong with a limit
  ...(hasBadLimits(form) && { limits: 'A limit cannot be read' }),
});

/** The form as the host takes it, read by the contract's own schema, or what is wrong with each field. */
export const readNewKey = (form: KeyForm): FormRead<KeyCreateInput> =>
  readForm(
    keyCreateInputSchema,
    {
      ...common(form),
      role: form.role,
      scopes: form.scopes.length === 0 ? null : form.scopes,
      tenantId: form.tenantId,
      projectId: form.projectId,
      expiresInMs: readDays(form.expiresDays) ?? null,
    },
    ownProblems(form),
  );

/** The same for a key that exists. */
export const readKeyChange = (id: string, form: KeyForm): FormRead<KeyUpdateInput> =>
  readForm(keyUpdateInputSchema, { id, ...common(form) }, ownProblems(form));
