// Imported before anything that makes a schema. The page's policy forbids making code of strings, which is how zod speeds schemas up.
// Of zod's core alone: the rest comes with the first view that has a form.
import { config } from 'zod/v4/core';

config({ jitless: true });
