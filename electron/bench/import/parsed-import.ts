import { z } from 'zod';
import type { ImportedCell, ImportedFigure, ImportedRun } from '../../../shared/contract/imports.ts';
import type { Percentiles } from '../../../shared/contract/percentiles.ts';
import { hasInterval } from '../stats/percentiles.ts';
import { canonicalJson, sha256Of } from '../workload.ts';

/** What a reader of one tool's format yields; `importFile` adds identity and origin. */
export interface ParsedImport extends Pick<
  ImportedRun,
  'tool' | 'toolVersion' | 'measuredAtMs' | 'facts' | 'models' | 'notConverted'
> {
  readonly cells: readonly Omit<ImportedCell, 'id' | 'workloadHash'>[];
}

/** SHA-256 of tool, test and workload: two files of one tool that did the same work may be judged. */
export const importedHashOf = (
  tool: string,
  { test, workload }: Pick<ImportedCell, 'test' | 'workload'>,
): string => sha256Of(canonicalJson({ tool, test, workload }));

/** An object of which only some fields are known. */
export const looseObject = z.record(z.string(), z.unknown());
type Loose = z.infer<typeof looseObject>;

/** The value at a path of keys, `undefined` where the file has another shape. */
export const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => {
    const parsed = looseObject.safeParse(inner);
    return parsed.success ? parsed.data[key] : undefined;
  }, value);

export const numberAt = (value: unknown, ...path: readonly string[]): number | null => {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
};

export const textAt = (value: unknown, ...path: readonly string[]): string | null => {
  const found = at(value, ...path);
  return typeof found === 'string' && found !== '' ? found : null;
};

/** The first of several places a tool's versions have put a value. */
export const firstOf = <T>(...values: readonly (T | null)[]): T | null =>
  values.find((value) => value !== null) ?? null;

interface FigureInput {
  readonly metric: ImportedFigure['metric'];
  readonly origin: string;
  /** Median where the tool gives one, else its mean; `null` = the tool has neither. */
  readonly median: number | null;
  readonly mean?: number | null;
  readonly total?: number | null;
  readonly deviation?: number | null;
  readonly n?: number | null;
  readonly values?: readonly number[];
  readonly percentiles?: Partial<Omit<Percentiles, 'n'>>;
  readonly remark?: string;
}

/** A percentile stands only where its 95 % interval exists, whoever measured it. */
const gated = (found: FigureInput['percentiles'], n: number | null): Percentiles | null => {
  if (found === undefined || n === null) return null;
  const keep = (p: number, value: number | null | undefined) => (hasInterval(p, n) ? (value ?? null) : null);
  return {
    n,
    p50: keep(0.5, found.p50),
    p90: keep(0.9, found.p90),
    p95: keep(0.95, found.p95),
    p99: keep(0.99, found.p99),
    p999: keep(0.999, found.p999),
    max: found.max ?? null,
  };
};

/** A figure, or nothing where the file has no value for it. */
export const figureOf = (input: FigureInput): readonly ImportedFigure[] => {
  const { median, mean = null, total = null, n = null } = input;
  const [statistic, value] =
    median !== null
      ? (['median', median] as const)
      : mean !== null
        ? (['mean', mean] as const)
        : (['total', total] as const);
  if (value === null) return [];
  return [
    {
      metric: input.metric,
      value,
      statistic,
      deviation: input.deviation ?? null,
      n,
      values: [...(input.values ?? [])],
      percentiles: gated(input.percentiles, n),
      origin: input.origin,
      remark: input.remark ?? null,
    },
  ];
};

/** Fields nobody converted, each with the reason; known reasons first, the rest by name. */
export const leftOver = (
  object: Loose,
  used: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
): ImportedRun['notConverted'] =>
  Object.entries(object)
    .filter(([key, value]) => !used.has(key) && value !== null)
    .map(([field]) => ({ field, reason: reasons[field] ?? 'Dyno has no metric of this definition' }));
