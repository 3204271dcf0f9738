"""What waits for a person, over all projects."""

from datetime import timedelta

from accounts.models import User
from notifications.models import Comment, Mention
from notifications.selectors import comment_counts, open_questions_in, open_questions_to, unread_mentions
from projects.models import Project
from projects.services.team import end_role
from tests.cast import CANARY, NOW, Cast


def ask(project: Project, author: User, asked: User, body: str = "Is it done?", **more: object) -> Comment:
    return Comment.objects.create(
        project=project, kind="activity", key="CH.i", author=author, body=body, asked=asked, **more
    )


def mention(project: Project, author: User, user: User, **more: object) -> Mention:
    comment = Comment.objects.create(project=project, kind="activity", key="CH.i", author=author, body="Look")
    return Mention.objects.create(project=project, comment=comment, user=user, **more)


def test_a_person_finds_what_they_are_asked_the_oldest_first(cast: Cast, django_assert_num_queries) -> None:
    newer = ask(cast.project, cast.mara, cast.petra, at=NOW)
    older = ask(cast.project, cast.tim, cast.petra, at=NOW - timedelta(days=3))
    ask(cast.project, cast.mara, cast.tim)
    ask(cast.project, cast.mara, cast.petra, answered_at=NOW, answered_by=cast.petra)
    ask(cast.project, cast.mara, cast.petra, withdrawn_at=NOW)
    with django_assert_num_queries(1):
        found = [(row.pk, row.author.name, row.project.organization.name) for row in open_questions_to(cast.petra)]
    assert found == [(older.pk, "Tim Tully", "Alder IT"), (newer.pk, "Mara Moss", "Alder IT")]


def test_a_person_finds_where_they_are_named_the_newest_first(cast: Cast, django_assert_num_queries) -> None:
    first = mention(cast.project, cast.mara, cast.petra)
    second = mention(cast.project, cast.tim, cast.petra)
    mention(cast.project, cast.mara, cast.petra, seen_at=NOW)
    mention(cast.project, cast.mara, cast.tim)
    with django_assert_num_queries(1):
        found = [(row.pk, row.comment.author.name, row.project.slug) for row in unread_mentions(cast.petra)]
    assert found == [(second.pk, "Tim Tully", "alder"), (first.pk, "Mara Moss", "alder")]


def test_what_was_asked_goes_with_the_access(cast: Cast) -> None:
    ask(cast.project, cast.mara, cast.petra)
    mention(cast.project, cast.mara, cast.petra)
    membership = cast.project.memberships.get(user=cast.petra)
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)
    assert not open_questions_to(cast.petra).exists()
    assert not unread_mentions(cast.petra).exists()
    assert open_questions_in(cast.project).count() == 1


def test_the_questions_of_another_client_stay_there(cast: Cast) -> None:
    ask(cast.other, cast.bruno, cast.petra, body=CANARY)
    mention(cast.other, cast.bruno, cast.petra)
    assert not open_questions_to(cast.petra).exists()
    assert not unread_mentions(cast.petra).exists()
    assert not open_questions_in(cast.project).exists()


def test_a_withdrawn_comment_does_not_count(cast: Cast) -> None:
    ask(cast.project, cast.mara, cast.petra)
    ask(cast.project, cast.mara, cast.petra, withdrawn_at=NOW)
    assert comment_counts(cast.project, "activity") == {"CH.i": 1}
