import { z } from 'zod';
import type { LoadTarget, loadStartInputSchema, Slo } from '../../../shared/contract/load.ts';
import { engineSettingsSchema, type Model } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { sloLevels } from '../../../shared/metrics/slo-levels.ts';
import { profileNamed } from '../profiles/list.ts';
import type { BoundProfile } from '../profiles/profile.ts';
import { baseUrlOf } from './target-url.ts';

export type LoadInput = z.output<typeof loadStartInputSchema>;

/** Used where a file does not say its training context. */
const assumedContextTokens = 4096;
/** Users beyond this wait in the server's queue: every slot reserves its own cache. */
const mostSlots = 16;
const defaultSlots = engineSettingsSchema.parse({}).slots;

/** Parameters with every default filled in. @throws AppError `app.bad-input` naming the parameter */
export const bindShape = (
  { shape, parameters, seed }: Pick<LoadInput, 'shape' | 'parameters' | 'seed'>,
  contextSize: number,
): BoundProfile => {
  try {
    const profile = profileNamed(shape);
    return profile.bind({ ...profile.loadDefaults, ...parameters }, contextSize, { seed });
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new AppError(
      'app.bad-input',
      `${where}${issue?.message ?? 'The parameters do not fit the shape.'}`,
      {
        hint: `dyno load --shapes lists the parameters of ${shape}.`,
        cause: error,
      },
    );
  }
};

/** A level's name stands for its limits. @throws AppError `app.bad-input` for a name nobody knows */
export const resolveSlo = (slo: Slo | undefined): Slo | null => {
  if (slo === undefined) return null;
  const { name, ...limits } = slo;
  const hasLimits = Object.values(limits).some((limit) => limit !== undefined);
  if (hasLimits || name === undefined) return hasLimits ? slo : null;
  const level = sloLevels.find((known) => known.name === name);
  if (level !== undefined) return { name, ...level.limits };
  throw new AppError('app.bad-input', `No service level is called ${name}.`, {
    hint: `Choose one of ${sloLevels.map((known) => known.name).join(', ')}, or give limits: ttft, tpot, e2e.`,
  });
};

export interface PlannedTarget {
  readonly target: LoadTarget;
  readonly contextSize: number;
}

/** A target as it is stored before it was opened: without its key and without the values of its headers. */
export const planTarget = (input: LoadInput, model: Model | null): PlannedTarget => {
  if (input.target.type === 'url') {
    const { url, dialect, headers } = input.target;
    return {
      target: {
        type: 'url',
        url: baseUrlOf(url, dialect),
        model: input.target.model ?? '',
        dialect,
        headerNames: Object.keys(headers),
        server: null,
        promptLengths: 'estimated',
        isSynthetic: false,
        settings: {},
      },
      contextSize: Number.MAX_SAFE_INTEGER,
    };
  }
  const { settings } = input.target;
  const wish = bindShape(input, model?.contextLength ?? assumedContextTokens);
  const longest = Math.min(
    model?.contextLength ?? assumedContextTokens,
    Math.ceil(wish.tokensPerRequest / 256) * 256,
  );
  const contextSize = typeof settings.contextSize === 'number' ? settings.contextSize : longest;
  const isClosed = wish.plan([])?.pacing.type === 'closed';
  const slots =
    settings.slots ??
    (isClosed ? Math.min(mostSlots, Math.max(defaultSlots, wish.concurrency)) : defaultSlots);
  return {
    target: {
      type: 'model',
      url: '',
      model: model?.id ?? input.target.model,
      dialect: 'auto',
      headerNames: [],
      server: null,
      promptLengths: 'exact',
      isSynthetic: model?.isSynthetic ?? false,
      settings: { ...settings, contextSize, slots },
    },
    contextSize,
  };
};
