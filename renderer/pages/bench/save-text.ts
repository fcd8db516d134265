/** Hands a text to the browser's downloads. */
export const saveText = (fileName: string, mimeType: string, text: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: mimeType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
};
