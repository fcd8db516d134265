import { AppError } from '../../shared/errors/app-error.ts';

/** A file of a repository on the hub. */
export interface HubFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly sizeBytes: number | null;
  /** From the hub's LFS metadata; `null` for files kept in git itself. */
  readonly sha256: string | null;
}

const splitName = /-(\d{5})-of-(\d{5})\.gguf$/i;

/** Name without part number and ending: what all parts of one split model share. */
const stemOf = (path: string): string => path.replace(splitName, '').replace(/\.gguf$/i, '');

/** Vision projectors and importance matrices lie beside models, but are none. */
const isModel = ({ path }: HubFile): boolean =>
  /\.gguf$/i.test(path) && !/(^|[-_./])(mmproj|imatrix)([-_.]|$)/i.test(path);

/** True when `tag` stands in the name as a word: `Q4_K` is in `x-Q4_K.gguf`, not in `x-Q4_K_M.gguf`. */
const hasTag = (stem: string, tag: string): boolean => {
  const escaped = tag.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`(^|[-./_])${escaped}($|[-./])`, 'i').test(stem);
};

/** The models of a repository, each with its parts in order. */
const groupModels = (files: readonly HubFile[]): ReadonlyMap<string, readonly HubFile[]> =>
  Map.groupBy(
    files.filter(isModel).toSorted((a, b) => a.path.localeCompare(b.path)),
    ({ path }) => stemOf(path),
  );

const checkParts = (parts: readonly HubFile[], repo: string): readonly HubFile[] => {
  const count = Number(splitName.exec(parts[0]?.path ?? '')?.[2] ?? 1);
  if (parts.length === count) return parts;
  throw new AppError(
    'models.missing-part',
    `${repo} holds ${parts.length} of the ${count} parts of this model.`,
    {
      hint: 'Choose another file of the repository.',
    },
  );
};

const listed = (names: readonly string[]): string =>
  names.length > 12 ? `${names.slice(0, 12).join(', ')} and ${names.length - 12} more` : names.join(', ');

/** Hints name what can be typed next, so that nobody has to open the web page. */
const notFound = (repo: string, asked: string, models: ReadonlyMap<string, unknown>): AppError =>
  models.size === 0
    ? new AppError('models.not-found', `${repo} holds no GGUF file.`, {
        hint: 'Look for a repository whose name ends in -GGUF.',
      })
    : new AppError('models.not-found', `${repo} has no ${asked}.`, {
        hint: `It has ${listed([...models.keys()])}.`,
        details: { choices: [...models.keys()] },
      });

/**
 * The files of the model with that quantization; without a tag the only model of the repository.
 * @throws AppError `models.not-found`, `models.ambiguous`, `models.missing-part`, each naming what there is
 */
export const chooseByTag = (
  files: readonly HubFile[],
  repo: string,
  tag: string | null,
): readonly HubFile[] => {
  const models = groupModels(files);
  const matches = [...models].filter(([stem]) => tag === null || hasTag(stem, tag));
  const [first, second] = matches;
  if (first === undefined) throw notFound(repo, tag ?? 'model', models);
  if (second !== undefined)
    throw new AppError(
      'models.ambiguous',
      `${matches.length} models of ${repo} match${tag === null ? '' : ` ${tag}`}.`,
      {
        hint: `Name one: ${listed(matches.map(([stem]) => `hf:${repo}/${stem}.gguf`))}, or a quantization behind a colon.`,
        details: { choices: matches.map(([stem]) => stem) },
      },
    );
  return checkParts(first[1], repo);
};

/**
 * The named file, with all parts when it is one of a split model. The name may leave out the part number.
 * @throws AppError `models.not-found`, `models.missing-part`
 */
export const chooseByPath = (files: readonly HubFile[], repo: string, path: string): readonly HubFile[] => {
  const exact = files.find((file) => file.path === path);
  if (exact !== undefined && !splitName.test(path)) return [exact];
  const models = groupModels(files);
  const parts = models.get(stemOf(path));
  if (parts === undefined) throw notFound(repo, path, models);
  return checkParts(parts, repo);
};
