import classes from './code-block.module.css';
import { CopyButton } from './copy-button.tsx';

/** Text to be copied whole. */
export const CodeBlock = ({ text, what }: { readonly text: string; readonly what: string }) => (
  <div className={classes.block}>
    <pre tabIndex={0} aria-label={what}>
      {text}
    </pre>
    <span className={classes.copy}>
      <CopyButton text={text} what={what} />
    </span>
  </div>
);
