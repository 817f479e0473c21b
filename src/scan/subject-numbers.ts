/** A subject shows in a file's bytes or in a name on its path: two sources, hence two numbers to attribute. */
export const contentSubject = (subject: number): number => subject * 2;
export const nameSubject = (subject: number): number => subject * 2 + 1;

export const subjectOf = (attributed: number): { readonly subject: number; readonly isName: boolean } => ({
  subject: attributed >> 1,
  isName: (attributed & 1) === 1,
});
