/** One thing a user can do, as the palette lists it. */
export interface Command {
  readonly id: string;
  readonly title: string;
  /** What it belongs to; shown in front, and searched. */
  readonly section: string;
  readonly shortcut?: string;
  readonly run: () => void;
}

/** How well `query` fits: every word must begin a word of the text; the title counts more. `null` = not at all. */
const fit = (command: Command, words: readonly string[]): number | null => {
  const title = ` ${command.title.toLowerCase().replace(/[^a-z0-9]+/g, ' ')}`;
  const all = `${title} ${command.section.toLowerCase()} ${command.title.toLowerCase()}`;
  let score = 0;
  for (const word of words) {
    if (title.includes(` ${word}`)) score += 2;
    else if (all.includes(word)) score += 1;
    else return null;
  }
  return score;
};

/** The commands that fit, best first; all of them in their own order for an empty query. */
export const searchCommands = (commands: readonly Command[], query: string): readonly Command[] => {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return commands
    .flatMap((command) => {
      const score = fit(command, words);
      return score === null ? [] : [{ command, score }];
    })
    .toSorted((left, right) => right.score - left.score)
    .map(({ command }) => command);
};
