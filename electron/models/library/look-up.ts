import { AppError } from '../../../shared/errors/app-error.ts';
import { toId } from './model-ids.ts';

interface Named {
  readonly id: string;
}

const SHOWN = 8;

const listed = (ids: readonly string[]): string =>
  ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(', ')} and ${ids.length - SHOWN} more` : ids.join(', ');

/** Changes of one letter that make `a` into `b` (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** Ids a person may have meant, best first: those that contain the text, then those a few letters away. */
export const nearIds = (wanted: string, ids: readonly string[]): readonly string[] => {
  const text = wanted.toLowerCase().slice(0, 200);
  const scored = ids.map((id) => {
    const other = id.toLowerCase().slice(0, 200);
    return {
      id,
      score: other.includes(text) ? 0 : distance(text, other) / Math.max(text.length, other.length),
    };
  });
  return scored
    .filter(({ score }) => score <= 0.5)
    .toSorted((a, b) => a.score - b.score)
    .slice(0, 5)
    .map(({ id }) => id);
};

/**
 * The model a person names: its id, the id with `.gguf` or in another letter case, Ollama's `name:tag`, or the only id
 * that begins so.
 * @throws AppError `models.not-found`, `models.ambiguous`
 */
export const lookUp = <M extends Named>(wanted: string, models: readonly M[]): M => {
  const exact = models.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const text = toId(wanted.replace(/\.gguf$/i, '')).toLowerCase();
  const sameLetters = models.filter(({ id }) => id.toLowerCase() === text);
  const candidates =
    sameLetters.length > 0 ? sameLetters : models.filter(({ id }) => id.toLowerCase().startsWith(text));
  const [only, ...others] = wanted.trim() === '' ? [] : candidates;
  if (only !== undefined && others.length === 0) return only;
  const ids = candidates.map(({ id }) => id);
  if (only !== undefined) {
    throw new AppError('models.ambiguous', `More than one model begins with "${wanted}".`, {
      hint: `Name one of them: ${listed(ids)}.`,
      details: { candidates: ids.slice(0, 50) },
    });
  }
  const near = nearIds(
    wanted,
    models.map(({ id }) => id),
  );
  throw new AppError('models.not-found', `No model is called "${wanted}".`, {
    hint:
      near.length > 0
        ? `Did you mean ${near.join(' or ')}?`
        : 'List the models with `dyno models list`, or give the path of a .gguf file.',
    details: { near },
  });
};
