/** Something to read, before it is text, Markdown or HTML. Everything in it is one clean line. */
export interface Page {
  readonly title: string;
  readonly state: 'ok' | 'attention' | 'problem' | 'idle' | 'plain';
  readonly headline: string;
  readonly sections: readonly Section[];
  readonly foot: string;
}

/** A table under a title. Without columns it is a list of names and values. */
export interface Section {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What stands there when there is no row; undefined: the section is left out. */
  readonly empty: string | undefined;
}
