/** The marks around what a model thinks before it answers. */
export interface ReasoningStyle {
  readonly open: string;
  readonly close: string;
}

const styles: readonly ReasoningStyle[] = [
  { open: '<think>', close: '</think>' },
  { open: '<seed:think>', close: '</seed:think>' },
  { open: '[THINK]', close: '[/THINK]' },
  { open: '<thinking>', close: '</thinking>' },
];

/** The marks a chat template knows; `undefined` when it knows none. */
export const detectReasoningStyle = (template: string): ReasoningStyle | undefined =>
  styles.find(({ open, close }) => template.includes(open) || template.includes(close));

/** True when the rendered prompt leaves a thinking block open, so that the answer begins inside it. */
export const opensReasoning = (prompt: string, { open, close }: ReasoningStyle): boolean => {
  const end = prompt.trimEnd();
  return end.endsWith(open) && end.lastIndexOf(open) > end.lastIndexOf(close);
};
