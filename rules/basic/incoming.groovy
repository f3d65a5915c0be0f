// Basic mode, incoming: what the partner's replica stands for at our desk.
// The rule is run on the replica before and on the new one; only what differs between the two is written.

issue.summary     = replica.summary
issue.description = replica.description
issue.tags        = replica.tags

// Our desk's spelling of the same word. A status or priority that our desk does not have stops this ticket, and the
// error lists those that it has.
if (replica.containsKey("status")) {
    issue.status = nodeHelper.requireChoice("status", replica.status)
}
if (replica.containsKey("priority")) {
    issue.priority = nodeHelper.requireChoice("priority", replica.priority)
}

// A type that our desk does not have is left as our desk has it.
def type = nodeHelper.getIssueType(replica.type)
if (type) {
    issue.type = type
}

// New and edited comments of the partner, each with a first line that names its author; and new files.
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
