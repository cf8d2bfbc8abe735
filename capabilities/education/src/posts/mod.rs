//! Posts: funded training jobs at hosts, with their capacity over time.

pub(crate) mod actions;
mod changing;
mod correcting;
pub(crate) mod importing;
mod list;
mod new;
mod page;
mod running;
pub(crate) mod store;

use hiec_web::Route;

use crate::lists;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/posts", "training_post.list", "Posts", list::get),
        Route::get("/clusters/{cluster}/education/posts.csv", "training_post.export", "Posts as CSV", list::csv),
        Route::get("/clusters/{cluster}/education/posts.xlsx", "training_post.export", "Posts as XLSX", list::xlsx),
        Route::get("/clusters/{cluster}/education/posts/new", "training_post.plan", "Add a post: the page", new::get),
        Route::post("/clusters/{cluster}/education/posts/new", "training_post.plan", "Add a post", new::post)
            .takes::<new::Form>(),
        Route::get(
            "/clusters/{cluster}/education/posts/imports",
            "training_post.import",
            "Import posts: the page",
            lists::new::<importing::Posts>,
        ),
        Route::post(
            "/clusters/{cluster}/education/posts/imports",
            "training_post.import",
            "Upload a list of posts",
            lists::upload::<importing::Posts>,
        )
        .takes_file(hiec_web::uploads::LARGEST_LIST),
        Route::get(
            "/clusters/{cluster}/education/posts/imports/{file}",
            "training_post.import",
            "What an import of posts would do",
            lists::preview::<importing::Posts>,
        ),
        Route::post(
            "/clusters/{cluster}/education/posts/imports/{file}",
            "training_post.import",
            "Import a previewed list of posts",
            lists::confirm::<importing::Posts>,
        )
        .takes::<lists::ConfirmForm>(),
        Route::get("/clusters/{cluster}/education/posts/{post}", "training_post.view", "A post", page::get),
        Route::get(
            "/clusters/{cluster}/education/posts/{post}/change",
            "training_post.change",
            "Change a post: the page",
            changing::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/posts/{post}/change",
            "training_post.change",
            "Change a post's host, site, programmes or first room",
            changing::post,
        )
        .takes::<changing::Form>(),
        Route::post(
            "/clusters/{cluster}/education/posts/{post}/capacity",
            "training_post.run",
            "Say how much a post holds from a day on",
            running::capacity,
        )
        .takes::<running::CapacityForm>(),
        Route::post(
            "/clusters/{cluster}/education/posts/{post}/funding",
            "training_post.run",
            "Say who pays for a post",
            running::funding,
        )
        .takes::<running::FundingForm>(),
    ]
}
