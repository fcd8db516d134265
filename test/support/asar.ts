import { closeSync, mkdirSync, openSync, readFileSync, readSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of an asar archive; unpacked ones lie beside it in `app.asar.unpacked`. */
export interface AsarFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly isUnpacked: boolean;
  /** Block hashes are there when integrity is on. */
  readonly hasIntegrity: boolean;
  /** Position in the archive; `null` for unpacked files. */
  readonly position: number | null;
}

/** A node of the archive's header, as the format has it. */
interface HeaderNode {
  readonly files?: Readonly<Record<string, HeaderNode>>;
  readonly size?: number;
  readonly offset?: string;
  readonly unpacked?: boolean;
  readonly link?: string;
  readonly integrity?: object;
}

const flatten = (node: HeaderNode, path: string, base: number): readonly AsarFile[] => {
  if (node.files !== undefined) {
    return Object.entries(node.files).flatMap(([name, child]) => flatten(child, join(path, name), base));
  }
  if (node.link !== undefined) return [];
  return [
    {
      path,
      sizeBytes: node.size ?? 0,
      isUnpacked: node.unpacked === true,
      hasIntegrity: node.integrity !== undefined,
      position: node.offset === undefined ? null : base + Number(node.offset),
    },
  ];
};

/** Lists an archive: a pickled size, a pickled JSON header, then the files end to end. */
export const listAsar = (archive: string): readonly AsarFile[] => {
  const file = openSync(archive, 'r');
  try {
    const sizes = Buffer.alloc(16);
    readSync(file, sizes, 0, 16, 0);
    const header = Buffer.alloc(sizes.readUInt32LE(12));
    readSync(file, header, 0, header.length, 16);
    const tree = JSON.parse(header.toString()) as HeaderNode;
    return flatten(tree, '', 8 + sizes.readUInt32LE(4));
  } finally {
    closeSync(file);
  }
};

/** Writes the archive's files below `target`; unpacked ones become links to where they lie. */
export const extractAsar = (archive: string, target: string): void => {
  const bytes = readFileSync(archive);
  for (const { path, sizeBytes, position } of listAsar(archive)) {
    const to = join(target, path);
    mkdirSync(dirname(to), { recursive: true });
    if (position === null) symlinkSync(join(`${archive}.unpacked`, path), to);
    else writeFileSync(to, bytes.subarray(position, position + sizeBytes));
  }
};
