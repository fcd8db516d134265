import type { ReportFile } from '../../../../shared/contract/report.ts';

const bytesOf = ({ encoding, text }: ReportFile): BlobPart =>
  encoding === 'utf8' ? text : Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** Hands a file to the browser's downloads. */
export const saveFile = (file: ReportFile): void => {
  const address = URL.createObjectURL(new Blob([bytesOf(file)], { type: file.mimeType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = file.fileName;
  link.click();
  URL.revokeObjectURL(address);
};
