// Basic mode, outgoing: what of our ticket the partner may see. Only what stands in `replica` at the end leaves.

replica.summary     = issue.summary
replica.description = issue.description
replica.type        = issue.type
replica.status      = issue.status
replica.priority    = issue.priority
replica.tags        = issue.tags

// Who asked for the ticket: over there it is given to the person with the same e-mail, if they have one.
replica.reporter    = issue.reporter

// Public comments only. Internal notes, and the files that hang at them, never leave.
replica.comments    = issue.comments.findAll { comment -> !comment.internal }
replica.attachments = issue.attachments.findAll { file -> !file.internal }
