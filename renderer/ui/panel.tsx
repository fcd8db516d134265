import { useId, type ReactNode } from 'react';
import classes from './panel.module.css';

interface PanelProps {
  readonly title: string;
  /** Right of the title. */
  readonly actions?: ReactNode;
  /** Tables reach to the panel's edges. */
  readonly isFlush?: boolean;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

/** A part of a page: a hairline around it and a heading that screen readers can jump to. */
export const Panel = ({ title, actions, isFlush = false, className, children }: PanelProps) => {
  const headingId = useId();
  return (
    <section className={[classes.panel, className].join(' ')} aria-labelledby={headingId}>
      <div className={classes.head}>
        <h2 id={headingId} className={classes.title}>
          {title}
        </h2>
        {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
      </div>
      <div className={isFlush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
};
