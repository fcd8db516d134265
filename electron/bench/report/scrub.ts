interface Private {
  /** Absolute paths that may occur in texts; only their last part is kept. */
  readonly paths: readonly string[];
  readonly homeFolder: string;
}

const folderOf = (path: string): string =>
  path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/**
 * Makes a function that removes the folders of known files, and the user's home folder, from every text inside a
 * plain JSON value. Keys, numbers and structure stay.
 */
export const createScrubber = ({ paths, homeFolder }: Private): ((value: unknown) => unknown) => {
  const folders = [...new Set(paths.map(folderOf))]
    .filter((folder) => folder.length > 1)
    .sort((a, b) => b.length - a.length);
  const scrubText = (text: string): string => {
    const short = folders.reduce((rest, folder) => rest.replaceAll(folder, ''), text);
    return homeFolder.length > 1 ? short.replaceAll(homeFolder, '~') : short;
  };
  const scrub = (value: unknown): unknown => {
    if (typeof value === 'string') return scrubText(value);
    if (Array.isArray(value)) return value.map(scrub);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, scrub(inner)]));
  };
  return scrub;
};
