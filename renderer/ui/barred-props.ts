/**
 * What makes a button that would be refused: it stays in its place, does nothing, and says why to screen readers. It is not
 * `disabled`, which would keep mouse and focus from the tooltip that says why to all others.
 */
export const barredProps = (reason: string) => ({
  'data-disabled': true,
  'aria-disabled': true,
  'aria-description': reason,
});
