import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { FakeFiles } from './fake-files.ts';

const folder = new URL('../fixtures/hardware/', import.meta.url);

/** A recorded output by file name. */
export const recording = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

const treeSchema = z.object({
  links: z.record(z.string(), z.string()),
  root: z.string(),
  files: z.record(z.string(), z.string()),
});

/** Lays a recorded sysfs tree (`<name>.sysfs.json`) on a fake disk. */
export const layTree = (disk: FakeFiles, name: string): void => {
  const tree = treeSchema.parse(JSON.parse(recording(`${name}.sysfs.json`)));
  for (const [file, text] of Object.entries(tree.files)) disk.put(`${tree.root}/${file}`, text);
  for (const [from, to] of Object.entries(tree.links)) disk.link(from, to);
};
