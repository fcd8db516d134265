import type { ReactNode } from 'react';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  /** Beside the title: a state, a badge. */
  readonly aside?: ReactNode;
  /** One sentence under the title. */
  readonly lead?: ReactNode;
  /** Top right, the page's one primary action last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: title left, actions right, always in the same place. */
export const Page = ({ title, aside, lead, actions, children }: PageProps) => (
  <div className={classes.page}>
    <title>{`${title} · Dyno`}</title>
    <header className={classes.head}>
      <div className={classes.words}>
        <div className={classes.titleLine}>
          <h1 className={classes.title}>{title}</h1>
          {aside}
        </div>
        {lead === undefined ? null : <p className={classes.lead}>{lead}</p>}
      </div>
      {actions === undefined ? null : <div className={classes.actions}>{actions}</div>}
    </header>
    {children}
  </div>
);
