/** What must not leave the machine unless its owner asks for it. */
export interface Private {
  /** Absolute paths that may occur in texts; only their last part is kept. */
  readonly paths: readonly string[];
  readonly homeFolder: string;
  readonly hostName: string;
  readonly userName: string;
}

const folderOf = (path: string): string =>
  path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** Home folders of anybody, on any system: an imported file can come from another machine. */
const anyHome = /(?:\/home\/|\/Users\/|[A-Za-z]:\\Users\\)[^/\\\s"'`]+/g;

/** Account and host names that thousands share: they tell nobody apart, and some are words of a report. */
const commonNames: ReadonlySet<string> = new Set([
  ...[
    'root',
    'user',
    'admin',
    'administrator',
    'home',
    'guest',
    'test',
    'node',
    'docker',
    'runner',
    'ubuntu',
  ],
  ...[
    'debian',
    'fedora',
    'linux',
    'localhost',
    'api',
    'cpu',
    'gpu',
    'engine',
    'model',
    'dyno',
    'llama',
    'done',
  ],
  ...['running', 'failed', 'green', 'amber', 'red', 'prefill', 'decode', 'usage', 'high', 'normal', 'quick'],
]);

/** Matches a name where it stands by itself, also as part of a host's full name. */
const wordPattern = (name: string): RegExp | undefined => {
  const word = name.trim();
  if (word.length < 3 || commonNames.has(word.toLowerCase())) return undefined;
  return new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(word)}(?![\\p{L}\\p{N}])`, 'giu');
};

/**
 * Makes a function that removes the folders of known files, home folders, and the names of host and user from every
 * text inside a plain JSON value. Keys, numbers and structure stay.
 */
export const createScrubber = ({
  paths,
  homeFolder,
  hostName,
  userName,
}: Private): ((value: unknown) => unknown) => {
  const folders = [...new Set(paths.map(folderOf))]
    .filter((folder) => folder.length > 1)
    .sort((a, b) => b.length - a.length);
  const names = [
    { pattern: wordPattern(hostName), stand: '‹host›' },
    { pattern: wordPattern(hostName.split('.')[0] ?? ''), stand: '‹host›' },
    { pattern: wordPattern(userName), stand: '‹user›' },
  ];
  const scrubText = (text: string): string => {
    const short = folders.reduce((rest, folder) => rest.replaceAll(folder, ''), text);
    const homeless = (homeFolder.length > 1 ? short.replaceAll(homeFolder, '~') : short).replaceAll(
      anyHome,
      '~',
    );
    return names.reduce(
      (rest, { pattern, stand }) => (pattern === undefined ? rest : rest.replaceAll(pattern, stand)),
      homeless,
    );
  };
  const scrub = (value: unknown): unknown => {
    if (typeof value === 'string') return scrubText(value);
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrub(inner)]));
  };
  return scrub;
};
